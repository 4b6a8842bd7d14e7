/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_READER_PAYLOAD_H
#define IWF_READER_PAYLOAD_H

#include "iwf/reader.h"
#include "payload.h"

/* The payload of these numbers as the reader has found it; NULL if there is none. */
const iwf_payload *
iwf_reader_payload(const iwf_reader * reader, size_t record, int payload);

#endif
