/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "json_parser.h"

#include "failure.h"
#include "rapidjson_shim.h"

#include <rapidjson/encodedstream.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace
{
using Stream = rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream>;

/** Forwards RapidJSON's events to the builder; a failure of the builder ends the parse. */
class Events
{
public:
  Events(iwf_builder * builder, const Stream & stream, iwf_error * error)
    : m_Builder(builder)
    , m_Stream(stream)
    , m_Error(error)
  {}

  iwf_status
  GetStatus() const
  {
    return m_Status;
  }

  bool
  Null()
  {
    return Add(Make(IWF_NULL));
  }
  bool
  Bool(bool boolean)
  {
    iwf_value value = Make(IWF_BOOL);
    value.of.boolean = boolean;
    return Add(value);
  }
  bool
  Int(int number)
  {
    return Int64(number);
  }
  bool
  Uint(unsigned number)
  {
    return Uint64(number);
  }
  bool
  Int64(int64_t number)
  {
    if (number >= 0)
    {
      return Uint64(static_cast<uint64_t>(number));
    }
    iwf_value value = Make(IWF_NEGATIVE);
    value.of.negative_value = number;
    return Add(value);
  }
  bool
  Uint64(uint64_t number)
  {
    iwf_value value = Make(IWF_UNSIGNED);
    value.of.unsigned_value = number;
    return Add(value);
  }
  bool
  Double(double number)
  {
    iwf_value value = Make(IWF_FLOAT);
    value.of.float_value = number;
    return Add(value);
  }
  bool
  RawNumber(const char *, rapidjson::SizeType, bool)
  {
    return false; // only called when asked for
  }
  bool
  String(const char * text, rapidjson::SizeType length, bool)
  {
    return Accept(iwf_builder_add_text(m_Builder, text, length, m_Stream.Tell(), m_Error));
  }
  bool
  Key(const char * text, rapidjson::SizeType length, bool copy)
  {
    return String(text, length, copy);
  }
  bool
  StartObject()
  {
    return Open(IWF_MAP);
  }
  bool
  StartArray()
  {
    return Open(IWF_ARRAY);
  }
  bool
  EndObject(rapidjson::SizeType)
  {
    return Close();
  }
  bool
  EndArray(rapidjson::SizeType)
  {
    return Close();
  }

private:
  iwf_value
  Make(iwf_kind kind) const
  {
    iwf_value value{};
    value.kind = kind;
    value.tag = IWF_NO_TAG;
    value.offset = m_Stream.Tell();
    return value;
  }
  bool
  Open(iwf_kind kind)
  {
    return Accept(iwf_builder_open(m_Builder, kind, IWF_INDEFINITE, m_Stream.Tell(), m_Error));
  }
  bool
  Close()
  {
    return Accept(iwf_builder_close(m_Builder, m_Stream.Tell(), m_Error));
  }
  bool
  Add(const iwf_value & value)
  {
    return Accept(iwf_builder_add(m_Builder, value, m_Error));
  }
  bool
  Accept(iwf_status status)
  {
    m_Status = status;
    return status == IWF_OK;
  }

  iwf_builder *  m_Builder;
  const Stream & m_Stream;
  iwf_error *    m_Error;
  iwf_status     m_Status = IWF_OK;
};

iwf_status
Parse(const char * text, size_t length, iwf_builder * builder, iwf_error * error)
{
  constexpr unsigned flags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag | rapidjson::kParseValidateEncodingFlag;

  rapidjson::MemoryStream                                                               bytes(text, length);
  Stream                                                                                stream(bytes);
  Events                                                                                events(builder, stream, error);
  iwf::ThrowingAllocator                                                                allocator;
  rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, iwf::ThrowingAllocator> reader(&allocator);

  const rapidjson::ParseResult result = reader.Parse<flags>(stream, events);
  if (events.GetStatus() != IWF_OK)
  {
    return events.GetStatus();
  }
  if (result.IsError())
  {
    return iwf_fail(error,
                    result.Offset() >= length ? IWF_ERROR_TRUNCATED : IWF_ERROR_SYNTAX,
                    result.Offset(),
                    nullptr,
                    "expected JSON: %s",
                    rapidjson::GetParseError_En(result.Code()));
  }
  if (stream.Tell() != length) // RapidJSON takes a NUL for the end of the text
  {
    return iwf_fail(error, IWF_ERROR_SYNTAX, stream.Tell(), nullptr, "expected JSON, found a NUL byte");
  }
  return IWF_OK;
}
} // namespace

iwf_status
iwf_json_parse(const char * text, size_t length, iwf_builder * builder, iwf_error * error)
{
  try
  {
    return Parse(text, length, builder, error);
  }
  catch (const std::bad_alloc &)
  {
    return iwf_fail_memory(error);
  }
  catch (const std::exception & exception)
  {
    return iwf_fail(error, IWF_ERROR_SYNTAX, IWF_NO_OFFSET, nullptr, "expected JSON: %s", exception.what());
  }
}
