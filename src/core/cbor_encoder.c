/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "encoder.h"
#include "failure.h"
#include "payload.h"

#include <cbor.h>

#include <stdlib.h>

typedef struct cbor_encoder
{
  iwf_encoder interface;
  iwf_buffer  text;
} cbor_encoder;

enum
{
  LONGEST_HEAD = 9
};

/* Appends what one of libcbor's cbor_encode_… functions makes of `…`. */
#define APPEND(encoder, encode, ...)                                                                          \
  do                                                                                                          \
  {                                                                                                           \
    unsigned char head_[LONGEST_HEAD];                                                                        \
    iwf_buffer_append((encoder)->text_buffer, head_, encode(__VA_ARGS__, head_, sizeof(head_)));              \
  } while (0)

static void
open_map(iwf_encoder * encoder, uint64_t members)
{
  APPEND(encoder, cbor_encode_map_start, (size_t)members);
}

static void
open_array(iwf_encoder * encoder, uint64_t items)
{
  APPEND(encoder, cbor_encode_array_start, (size_t)items);
}

static void
close_container(iwf_encoder * encoder)
{
  (void)encoder; /* containers are definite */
}

static void
encode_null(iwf_encoder * encoder)
{
  unsigned char head[LONGEST_HEAD];
  iwf_buffer_append(encoder->text_buffer, head, cbor_encode_null(head, sizeof(head)));
}

static void
encode_boolean(iwf_encoder * encoder, bool value)
{
  APPEND(encoder, cbor_encode_bool, value);
}

static void
encode_uint32(iwf_encoder * encoder, uint32_t value)
{
  APPEND(encoder, cbor_encode_uint32, value);
}

static void
encode_uint64(iwf_encoder * encoder, uint64_t value)
{
  APPEND(encoder, cbor_encode_uint64, value);
}

static void
encode_integer(iwf_encoder * encoder, uint64_t value)
{
  APPEND(encoder, cbor_encode_uint, value);
}

static void
encode_negative(iwf_encoder * encoder, int64_t value)
{
  APPEND(encoder, cbor_encode_negint, (uint64_t)(-1 - value));
}

static void
encode_real(iwf_encoder * encoder, double value)
{
  APPEND(encoder, cbor_encode_double, value);
}

static void
count_piece(void * context, const char * piece, size_t length)
{
  (void)piece;
  *(size_t *)context += length;
}

static void
append_piece(void * context, const char * piece, size_t length)
{
  iwf_buffer_append(context, piece, length);
}

static void
encode_text(iwf_encoder * encoder, const char * text, size_t length)
{
  size_t encoded = 0;
  iwf_encode_utf8(text, length, count_piece, &encoded);
  APPEND(encoder, cbor_encode_string_start, encoded);
  iwf_encode_utf8(text, length, append_piece, encoder->text_buffer);
}

static void
encode_payload(iwf_encoder * encoder, iwf_payload * payload)
{
  APPEND(encoder, cbor_encode_tag, iwf_payload_tag(payload->component_type));
  APPEND(encoder, cbor_encode_bytestring_start, (size_t)payload->bytes);
  payload->text_position = encoder->text_buffer->length;
}

static iwf_status
finish(iwf_encoder * encoder)
{
  return encoder->text_buffer->failed ? iwf_fail_memory(encoder->error) : encoder->status;
}

static void
close_encoder(iwf_encoder * encoder)
{
  iwf_buffer_free(encoder->text_buffer);
  free(encoder);
}

iwf_status
iwf_encoder_open_cbor(iwf_encoder ** encoder, iwf_error * error)
{
  cbor_encoder * cbor = calloc(1, sizeof(cbor_encoder));
  if (cbor == NULL)
  {
    return iwf_fail_memory(error);
  }
  cbor->interface = (iwf_encoder){ .open_map = open_map,
                                   .close_map = close_container,
                                   .open_array = open_array,
                                   .close_array = close_container,
                                   .key = encode_text,
                                   .null = encode_null,
                                   .boolean = encode_boolean,
                                   .uint32 = encode_uint32,
                                   .uint64 = encode_uint64,
                                   .integer = encode_integer,
                                   .negative = encode_negative,
                                   .real = encode_real,
                                   .text = encode_text,
                                   .payload = encode_payload,
                                   .finish = finish,
                                   .close = close_encoder,
                                   .text_buffer = &cbor->text,
                                   .error = error };
  *encoder = &cbor->interface;
  return IWF_OK;
}
