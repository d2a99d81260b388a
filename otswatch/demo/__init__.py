"""The demo newsroom: a small web of invented news sites on the loopback interface, to show and to test OTS Watch with.

Outlets, people and meetings are fictional. What the sites say is data (`sites/*.yaml`), how they look are templates.
"""
