# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests share: codecs, raw partners, waiting. None of it uses c104."""
