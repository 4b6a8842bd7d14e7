# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""What the module adds to the Python package itk.

itk's own ``__init__`` executes this file, once, at the end of ``import itk`` because the module
WebAssemblyInterface is installed. It puts the functions and names in place and loads no module of
ITK: those that a call needs are loaded when it is made.
"""

from itk.webassemblyinterface import aliases, dictionaries, routing

aliases.install()
routing.install()
dictionaries.install()
