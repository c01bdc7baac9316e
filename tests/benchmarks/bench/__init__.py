# SPDX-License-Identifier: GPL-3.0-or-later
"""The driver of `make bench`: processes, cases, results, table, plot. See run.py."""
