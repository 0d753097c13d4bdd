"""Pure judgements. One file is one `type:` of the YAML: what people may write, and how it is judged."""
