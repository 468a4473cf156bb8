"""Groups of typed settings, one file a concern; `config.py` joins and reads them."""
