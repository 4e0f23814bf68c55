"""Text to a checked playbook, or diagnostics. Reading order: source, syntax, parse, playbook, types, checks, load, format."""
