/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_IWF_H
#define IWF_IWF_H

/**
 * \file
 * The itk-wasm file formats in C: .iwi images, .iwm meshes, .iwt transforms, as directories, CBOR or compressed CBOR.
 */

#include "iwf/reader.h"
#include "iwf/writer.h"

IWF_BEGIN_DECLS

/** Version of the library that is running, such as "1.0.0". */
IWF_API const char *
iwf_version(void);

IWF_END_DECLS

#endif
