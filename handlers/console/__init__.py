"""The console: pages for the staff in the browser, beside the HTTP front."""
