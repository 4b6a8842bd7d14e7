/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "encoder.h"

#include "failure.h"
#include "payload.h"
#include "rapidjson_shim.h"

#include <rapidjson/prettywriter.h>

#include <cmath>
#include <cstring>

namespace
{
/** RapidJSON's output stream into the header's text. */
class TextStream
{
public:
  using Ch = char;

  explicit TextStream(iwf_buffer * text)
    : m_Text(text)
  {}
  void
  Put(char character)
  {
    iwf_buffer_append(m_Text, &character, 1);
  }
  void
  Flush()
  {}

private:
  iwf_buffer * m_Text;
};

using Writer = rapidjson::PrettyWriter<TextStream, rapidjson::UTF8<>, rapidjson::UTF8<>, iwf::ThrowingAllocator>;

struct JsonEncoder
{
  iwf_encoder            interface {}; // first: the C side sees only this
  iwf_buffer             text{};
  TextStream             stream{ &text };
  iwf::ThrowingAllocator allocator;
  Writer                 writer{ stream, &allocator };
};

/** Calls `write` with the writer unless something failed before; nothing is thrown across the C border. */
template <typename Function>
void
Write(iwf_encoder * encoder, Function write)
{
  if (encoder->status != IWF_OK)
  {
    return;
  }
  try
  {
    write(reinterpret_cast<JsonEncoder *>(encoder)->writer);
  }
  catch (const std::exception &)
  {
    encoder->status = iwf_fail_memory(encoder->error);
  }
}

void
AppendPiece(void * context, const char * piece, size_t length)
{
  iwf_buffer_append(static_cast<iwf_buffer *>(context), piece, length);
}

/** Calls `write` with the writer and the text as valid UTF-8. */
template <typename Function>
void
WriteText(iwf_encoder * encoder, const char * text, size_t length, Function write)
{
  iwf_buffer valid{};
  iwf_encode_utf8(text, length, AppendPiece, &valid);
  if (valid.failed)
  {
    encoder->status = iwf_fail_memory(encoder->error);
  }
  Write(encoder, [&](Writer & writer) {
    const char * const data = valid.length > 0 ? reinterpret_cast<const char *>(valid.data) : "";
    write(writer, data, static_cast<rapidjson::SizeType>(valid.length));
  });
  iwf_buffer_free(&valid);
}

void
EncodeReal(iwf_encoder * encoder, double value)
{
  if (encoder->status == IWF_OK && !std::isfinite(value))
  {
    encoder->status = iwf_fail(
      encoder->error, IWF_ERROR_VALUE, IWF_NO_OFFSET, "metadata", "expected a finite number, as JSON has no other");
    return;
  }
  Write(encoder, [value](Writer & writer) { writer.Double(value); });
}

void
EncodePayload(iwf_encoder * encoder, iwf_payload * payload)
{
  char uri[64 + IWF_RAW_PATH] = "data:application/vnd.itk.path,";
  std::strncat(uri, payload->raw_path, IWF_RAW_PATH);
  Write(encoder, [&uri](Writer & writer) { writer.String(uri); });
}

void
SetFunctions(iwf_encoder & encoder)
{
  encoder.open_map = [](iwf_encoder * self, uint64_t) { Write(self, [](Writer & writer) { writer.StartObject(); }); };
  encoder.close_map = [](iwf_encoder * self) { Write(self, [](Writer & writer) { writer.EndObject(); }); };
  encoder.open_array = [](iwf_encoder * self, uint64_t) { Write(self, [](Writer & writer) { writer.StartArray(); }); };
  encoder.close_array = [](iwf_encoder * self) { Write(self, [](Writer & writer) { writer.EndArray(); }); };
  encoder.key = [](iwf_encoder * self, const char * text, size_t length) {
    WriteText(self, text, length, [](Writer & writer, const char * valid, rapidjson::SizeType size) {
      writer.Key(valid, size);
    });
  };
  encoder.text = [](iwf_encoder * self, const char * text, size_t length) {
    WriteText(self, text, length, [](Writer & writer, const char * valid, rapidjson::SizeType size) {
      writer.String(valid, size);
    });
  };
  encoder.null = [](iwf_encoder * self) { Write(self, [](Writer & writer) { writer.Null(); }); };
  encoder.boolean = [](iwf_encoder * self, bool value) {
    Write(self, [value](Writer & writer) { writer.Bool(value); });
  };
  encoder.uint32 = [](iwf_encoder * self, uint32_t value) {
    Write(self, [value](Writer & writer) { writer.Uint(value); });
  };
  encoder.uint64 = [](iwf_encoder * self, uint64_t value) {
    Write(self, [value](Writer & writer) { writer.Uint64(value); });
  };
  encoder.integer = encoder.uint64;
  encoder.negative = [](iwf_encoder * self, int64_t value) {
    Write(self, [value](Writer & writer) { writer.Int64(value); });
  };
  encoder.real = EncodeReal;
  encoder.payload = EncodePayload;
  encoder.finish = [](iwf_encoder * self) -> iwf_status {
    return self->status == IWF_OK && self->text_buffer->failed ? iwf_fail_memory(self->error) : self->status;
  };
  encoder.close = [](iwf_encoder * self) {
    iwf_buffer_free(self->text_buffer);
    delete reinterpret_cast<JsonEncoder *>(self);
  };
}
} // namespace

iwf_status
iwf_encoder_open_json(iwf_encoder ** encoder, iwf_error * error)
{
  try
  {
    auto * const json = new JsonEncoder;
    json->writer.SetIndent(' ', 3);
    json->writer.SetFormatOptions(rapidjson::kFormatSingleLineArray);
    SetFunctions(json->interface);
    json->interface.is_json = true;
    json->interface.text_buffer = &json->text;
    json->interface.error = error;
    *encoder = &json->interface;
    return IWF_OK;
  }
  catch (const std::exception &)
  {
    return iwf_fail_memory(error);
  }
}
