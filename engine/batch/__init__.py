"""An inbox through a playbook: `run` on all cores, `stream` as messages arrive, `single` for one with its trace."""
