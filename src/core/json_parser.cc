/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "json_parser.h"

#include "failure.h"
#include "rapidjson_shim.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <locale.h>
#include <string>
#if defined(__APPLE__)
#  include <xlocale.h>
#endif

namespace
{
using Stream = rapidjson::MemoryStream;

/** strtod() that no setlocale() of the program can turn against the decimal point. */
class DecimalPoint
{
public:
  DecimalPoint()
    : m_Locale(newlocale(LC_ALL_MASK, "C", static_cast<locale_t>(0)))
  {
    if (m_Locale == static_cast<locale_t>(0))
    {
      throw std::bad_alloc();
    }
  }
  ~DecimalPoint()
  {
    freelocale(m_Locale);
  }
  DecimalPoint(const DecimalPoint &) = delete;
  DecimalPoint &
  operator=(const DecimalPoint &) = delete;

  double
  ToDouble(const char * text) const
  {
    return strtod_l(text, nullptr, m_Locale);
  }

private:
  locale_t m_Locale;
};

/** Forwards RapidJSON's events to the builder; a failure of the builder ends the parse. */
class Events
{
public:
  /** `base`: the text's bytes before the stream. */
  Events(iwf_builder * builder, const Stream & stream, size_t base, iwf_error * error)
    : m_Builder(builder)
    , m_Stream(stream)
    , m_Base(base)
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
  /**
   * A number as it is written (RapidJSON's own conversion of numbers with extreme exponents reads outside of its
   * tables). A whole number that fits 64 bits is exact, any other a double.
   */
  bool
  RawNumber(const char * digits, rapidjson::SizeType length, bool)
  {
    const std::string number(digits, length); // to end with NUL
    const char *      text = number.c_str();
    const bool        negative = text[0] == '-';
    const bool        whole = std::strspn(text + negative, "0123456789") + negative == length;
    errno = 0;
    if (whole && negative)
    {
      const long long value = std::strtoll(text, nullptr, 10);
      if (errno == 0)
      {
        return value < 0 ? Negative(value) : Unsigned(0);
      }
    }
    else if (whole)
    {
      const unsigned long long value = std::strtoull(text, nullptr, 10);
      if (errno == 0)
      {
        return Unsigned(value);
      }
    }
    return Double(m_DecimalPoint.ToDouble(text));
  }
  bool
  Double(double number)
  {
    if (!std::isfinite(number))
    {
      return Accept(iwf_fail(
        m_Error, IWF_ERROR_SYNTAX, Offset(), nullptr, "expected JSON: Number too big to be stored in double."));
    }
    iwf_value value = Make(IWF_FLOAT);
    value.of.float_value = number;
    return Add(value);
  }
  bool
  Int(int)
  {
    return false; // RawNumber() takes all numbers
  }
  bool
  Uint(unsigned)
  {
    return false;
  }
  bool
  Int64(int64_t)
  {
    return false;
  }
  bool
  Uint64(uint64_t)
  {
    return false;
  }
  bool
  String(const char * text, rapidjson::SizeType length, bool)
  {
    return Accept(iwf_builder_add_text(m_Builder, text, length, Offset(), m_Error));
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
  size_t
  Offset() const
  {
    return m_Base + m_Stream.Tell();
  }
  bool
  Unsigned(uint64_t number)
  {
    iwf_value value = Make(IWF_UNSIGNED);
    value.of.unsigned_value = number;
    return Add(value);
  }
  bool
  Negative(int64_t number)
  {
    iwf_value value = Make(IWF_NEGATIVE);
    value.of.negative_value = number;
    return Add(value);
  }
  iwf_value
  Make(iwf_kind kind) const
  {
    iwf_value value{};
    value.kind = kind;
    value.tag = IWF_NO_TAG;
    value.offset = Offset();
    return value;
  }
  bool
  Open(iwf_kind kind)
  {
    return Accept(iwf_builder_open(m_Builder, kind, IWF_INDEFINITE, Offset(), m_Error));
  }
  bool
  Close()
  {
    return Accept(iwf_builder_close(m_Builder, Offset(), m_Error));
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
  size_t         m_Base;
  iwf_error *    m_Error;
  DecimalPoint   m_DecimalPoint;
  iwf_status     m_Status = IWF_OK;
};

iwf_status
Parse(const char * text, size_t length, iwf_builder * builder, iwf_error * error)
{
  constexpr unsigned flags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag;

  // RapidJSON's own stream also skips parts of a byte order mark.
  const size_t           base = length >= 3 && std::memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  Stream                 stream(text + base, length - base);
  Events                 events(builder, stream, base, error);
  iwf::ThrowingAllocator allocator;
  rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, iwf::ThrowingAllocator> reader(&allocator);

  const rapidjson::ParseResult result = reader.Parse<flags>(stream, events);
  if (events.GetStatus() != IWF_OK)
  {
    return events.GetStatus();
  }
  if (result.IsError())
  {
    return iwf_fail(error,
                    base + result.Offset() >= length ? IWF_ERROR_TRUNCATED : IWF_ERROR_SYNTAX,
                    base + result.Offset(),
                    nullptr,
                    "expected JSON: %s",
                    rapidjson::GetParseError_En(result.Code()));
  }
  if (base + stream.Tell() != length) // RapidJSON takes a NUL for the end of the text
  {
    return iwf_fail(error, IWF_ERROR_SYNTAX, base + stream.Tell(), nullptr, "expected JSON, found a NUL byte");
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
