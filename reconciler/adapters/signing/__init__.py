"""The signing ports: local Ed25519 keys, and keyless by sigstore."""
