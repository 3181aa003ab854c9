"""Tests of what a tenant is made of: its code, run in Node.js, and its desired configuration."""
