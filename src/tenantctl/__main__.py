"""`python -m tenantctl`."""

from tenantctl.cli.__main__ import main

main()
