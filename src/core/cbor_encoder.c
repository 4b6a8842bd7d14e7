/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "encoder.h"
#include "failure.h"
#include "payload.h"

#include <cbor.h>

#include <stdlib.h>
#include <string.h>

/* Where the head of a key is in the text. */
typedef struct key_place
{
  size_t position;
  size_t length; /* of the key's text */
  bool   known;
} key_place;

typedef struct cbor_encoder
{
  iwf_encoder interface;
  iwf_buffer  text;
  uint64_t    payload_bytes; /* of the payloads so far */
  key_place   last_key;
  key_place   key_before; /* known only if no payload lies between the two */
} cbor_encoder;

enum
{
  LONGEST_HEAD = 9,
  MAJOR_BYTES = 2,
  MAJOR_TEXT = 3,
  MAJOR_TAG = 6
};

/* Appends what one of libcbor's cbor_encode_… functions makes of `…`. */
#define APPEND(encoder, encode, ...)                                                             \
  do                                                                                             \
  {                                                                                              \
    unsigned char head_[LONGEST_HEAD];                                                           \
    iwf_buffer_append((encoder)->text_buffer, head_, encode(__VA_ARGS__, head_, sizeof(head_))); \
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

/*
 * Alignment. A payload at a multiple of its element size can be mapped, or seen as a typed array, without a copy. The
 * place of the payload depends on the text before it, so some heads there are made longer than need be, which CBOR
 * allows (RFC 8949 section 3) and every known reader accepts: no key is added. Heads of 9 bytes are left to those that
 * need them, as one reader (cbor-extract) fails at strings that have them.
 */

static void
encode_key(iwf_encoder * encoder, const char * text, size_t length)
{
  cbor_encoder * cbor = (cbor_encoder *)encoder;
  cbor->key_before = cbor->last_key;
  cbor->last_key = (key_place){ .position = cbor->text.length, .length = length };
  encode_text(encoder, text, length);
  /* Long keys, and those that were mended, are metadata's own. */
  cbor->last_key.known = length < 24 && cbor->text.length == cbor->last_key.position + 1 + length;
}

/* Bytes of a head's argument: 0 to 8. */
static size_t
argument_bytes(uint64_t argument)
{
  return argument < 24 ? 0 : argument <= UINT8_MAX ? 1 : argument <= UINT16_MAX ? 2 : argument <= UINT32_MAX ? 4 : 8;
}

/* The head's size with the next wider argument; 0 if the widest that all readers take has been reached. */
static size_t
wider(size_t bytes)
{
  return bytes == 0 ? 1 : bytes < 4 ? bytes * 2 : 0;
}

/* Encodes a head whose argument takes `bytes` bytes. */
static size_t
encode_head(unsigned major, uint64_t argument, size_t bytes, unsigned char head[LONGEST_HEAD])
{
  static const unsigned char additional[] = { 0, 24, 25, 0, 26, 0, 0, 0, 27 }; /* by `bytes` */
  head[0] = (unsigned char)(major << 5 | (bytes == 0 ? (unsigned)argument : additional[bytes]));
  for (size_t i = 0; i < bytes; ++i)
  {
    head[1 + i] = (unsigned char)(argument >> 8 * (bytes - 1 - i));
  }
  return 1 + bytes;
}

/* Heads before a payload, as the bytes of their arguments; those of keys that are not there stay 0. */
typedef struct heads
{
  size_t key_before;
  size_t key;
  size_t tag;
  size_t string;
} heads;

/* Looks for the heads that move the payload by `padding` bytes. */
static bool
find_heads(const heads * shortest, bool two_keys, size_t padding, heads * found)
{
  for (size_t string = shortest->string, s = 1; s != 0; s = wider(string), string = s)
  {
    for (size_t key = shortest->key, k = 1; k != 0; k = wider(key), key = k)
    {
      for (size_t tag = shortest->tag, t = 1; t != 0; t = wider(tag), tag = t)
      {
        for (size_t before = shortest->key_before, b = 1; b != 0; b = two_keys ? wider(before) : 0, before = b)
        {
          *found = (heads){ .key_before = before, .key = key, .tag = tag, .string = string };
          if (before + key + tag + string ==
              padding + shortest->key_before + shortest->key + shortest->tag + shortest->string)
          {
            return true;
          }
        }
      }
    }
  }
  return false;
}

/* Gives a key's head, which has none, an argument of `bytes` bytes. */
static void
widen_key(iwf_buffer * text, const key_place * key, size_t bytes)
{
  static const unsigned char zeros[LONGEST_HEAD] = { 0 };
  iwf_buffer_append(text, zeros, bytes);
  if (!text->failed && bytes > 0)
  {
    unsigned char * place = text->data + key->position;
    memmove(place + 1 + bytes, place + 1, text->length - bytes - key->position - 1);
    (void)encode_head(MAJOR_TEXT, key->length, bytes, place);
  }
}

static void
encode_payload(iwf_encoder * encoder, iwf_payload * payload)
{
  cbor_encoder * cbor = (cbor_encoder *)encoder;
  const uint32_t tag = iwf_payload_tag(payload->component_type);
  const bool     two_keys = cbor->key_before.known;
  const heads    shortest = { .tag = argument_bytes(tag), .string = argument_bytes(payload->bytes) };
  heads          chosen = shortest;
  for (size_t alignment = 8; alignment > 1; alignment /= 2)
  {
    const uint64_t place = cbor->text.length + 2 + shortest.tag + shortest.string + cbor->payload_bytes;
    const size_t   padding = (size_t)((alignment - place % alignment) % alignment);
    if (find_heads(&shortest, two_keys, padding, &chosen))
    {
      break;
    }
    chosen = shortest;
  }
  widen_key(&cbor->text, &cbor->last_key, chosen.key);
  if (two_keys)
  {
    widen_key(&cbor->text, &cbor->key_before, chosen.key_before);
  }
  unsigned char head[LONGEST_HEAD];
  iwf_buffer_append(&cbor->text, head, encode_head(MAJOR_TAG, tag, chosen.tag, head));
  iwf_buffer_append(&cbor->text, head, encode_head(MAJOR_BYTES, payload->bytes, chosen.string, head));
  payload->text_position = cbor->text.length;
  cbor->payload_bytes += payload->bytes;
  cbor->last_key.known = false;
  cbor->key_before.known = false;
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
                                   .key = encode_key,
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
