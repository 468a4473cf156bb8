"""Use cases of the bank bot, the ports they need and the gateways behind those ports."""
