/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_ENCODER_H
#define IWF_ENCODER_H

/* The one interface between schemas and the two header encodings: schemas report what to write, an encoder writes it. */

#include "iwf/types.h"
#include "iwf/value.h"

#include <stdbool.h>

IWF_BEGIN_DECLS

struct iwf_payload;

/* Growing text of a header. After a failed allocation nothing more is appended. */
typedef struct iwf_buffer
{
  unsigned char * data;
  size_t          length;
  size_t          capacity;
  bool            failed;
} iwf_buffer;

void
iwf_buffer_append(iwf_buffer * buffer, const void * data, size_t length);

void
iwf_buffer_free(iwf_buffer * buffer);

typedef struct iwf_encoder iwf_encoder;

/* The first failure is kept in `status` (and the caller's error); the functions then do nothing. */
struct iwf_encoder
{
  void (*open_map)(iwf_encoder * encoder, uint64_t members);
  void (*close_map)(iwf_encoder * encoder);
  void (*open_array)(iwf_encoder * encoder, uint64_t items);
  void (*close_array)(iwf_encoder * encoder);
  void (*key)(iwf_encoder * encoder, const char * text, size_t length);
  void (*null)(iwf_encoder * encoder);
  void (*boolean)(iwf_encoder * encoder, bool value);
  /* The integers differ in the width that CBOR gives them: 4 bytes, 8 bytes, the shortest. */
  void (*uint32)(iwf_encoder * encoder, uint32_t value);
  void (*uint64)(iwf_encoder * encoder, uint64_t value);
  void (*integer)(iwf_encoder * encoder, uint64_t value);
  void (*negative)(iwf_encoder * encoder, int64_t value);
  void (*real)(iwf_encoder * encoder, double value);
  /* Text that is not UTF-8 is written with U+FFFD in place of what is wrong, as the formats' other writers do. */
  void (*text)(iwf_encoder * encoder, const char * text, size_t length);
  /* CBOR: the head of the byte string, and the payload's place in the text; JSON: the URI of its raw file. */
  void (*payload)(iwf_encoder * encoder, struct iwf_payload * payload);
  /* Completes the text. */
  iwf_status (*finish)(iwf_encoder * encoder);
  /* Safe after a failure; frees the encoder and its text. */
  void (*close)(iwf_encoder * encoder);

  /* JSON has no place for number keys, byte strings or NaN, and pairs instead of maps for metadata. */
  bool         is_json;
  iwf_buffer * text_buffer;
  iwf_status   status;
  iwf_error *  error;
};

iwf_status
iwf_encoder_open_cbor(iwf_encoder ** encoder, iwf_error * error);

iwf_status
iwf_encoder_open_json(iwf_encoder ** encoder, iwf_error * error);

/*
 * Hands text to `sink` in pieces that are UTF-8, with U+FFFD for each byte that does not belong: what both encoders do
 * before they write text.
 */
void
iwf_encode_utf8(const char * text,
                size_t       length,
                void (*sink)(void * context, const char * piece, size_t length),
                void * context);

IWF_END_DECLS

#endif
