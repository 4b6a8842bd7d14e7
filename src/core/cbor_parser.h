/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_CBOR_PARSER_H
#define IWF_CBOR_PARSER_H

#include "builder.h"
#include "source.h"

/*
 * Parses the CBOR item at the start of `source` (RFC 8949). Byte strings are located, not read: a header costs a few
 * reads whatever the size of its payloads and the order of its keys. Bytes after the item are left alone.
 */
iwf_status
iwf_cbor_parse(iwf_source * source, const iwf_limits * limits, iwf_builder * builder, iwf_error * error);

#endif
