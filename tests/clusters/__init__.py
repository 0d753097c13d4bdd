"""Servers on loopback that answer as Argo CD and Kubernetes do, and remember what they were told."""
