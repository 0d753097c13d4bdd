"""Adapters of the ports ClusterReader and ClusterWriter: Argo CD over its API, or over what it keeps in Kubernetes."""
