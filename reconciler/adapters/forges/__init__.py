"""The forge port: where pull requests live."""
