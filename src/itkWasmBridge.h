/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmBridge_h
#define itkWasmBridge_h

/**
 * \file
 * What the three IO classes share to speak with the C core: handles, errors, enum maps. Private: no header in
 * include/ may include it.
 */

#include "iwf/iwf.h"

#include "itkCommonEnums.h"
#include "itkLightObject.h"

#include <memory>
#include <string>

namespace itk
{
namespace wasm
{

struct ReaderCloser
{
  void
  operator()(iwf_reader * reader) const noexcept
  {
    iwf_reader_close(reader);
  }
};

struct WriterCloser
{
  void
  operator()(iwf_writer * writer) const noexcept
  {
    iwf_writer_close(writer);
  }
};

using ReaderHandle = std::unique_ptr<iwf_reader, ReaderCloser>;

/** Rolls back when it goes before iwf_writer_commit(). */
using WriterHandle = std::unique_ptr<iwf_writer, WriterCloser>;

/** Calls into the core on behalf of one IO object and one file: collects the error, throws it as itk::ExceptionObject.
 *
 * \code
 * wasm::Call call(*this, m_FileName);
 * call.Check(iwf_reader_read(reader, 0, IWF_MESH_POINTS, 0, bytes, buffer, call.Error()));
 * \endcode
 *
 * Borrows both arguments: for local variables only. */
class Call
{
public:
  Call(const LightObject & caller, const std::string & path)
    : m_Caller(caller)
    , m_Path(path)
  {}

  /** To be passed as a core function's last argument. */
  iwf_error *
  Error() noexcept
  {
    return &m_Error;
  }

  /** Throws unless the status is IWF_OK. The message is "<class>: <path>: <the core's message>". */
  void
  Check(iwf_status status) const;

  /** Throws an error that the adaptor itself found. */
  [[noreturn]] void
  Fail(const std::string & message) const;

  const std::string &
  Path() const noexcept
  {
    return m_Path;
  }

private:
  const LightObject & m_Caller;
  const std::string & m_Path;
  iwf_error           m_Error{};
};

/** Opens a reader, which reads the header. Throws also when the path is that of another family. */
ReaderHandle
OpenReader(Call & call, iwf_family family);

/** Whether the path's suffix is one of this family's. Null is not. */
bool
HasSuffix(const char * path, iwf_family family) noexcept;

/** HasSuffix(), and the path exists as what the suffix says: a directory or a file. Opens nothing. */
bool
IsCandidate(const char * path, iwf_family family);

/** 64-bit types become LONGLONG and ULONGLONG, which are 8 bytes everywhere; of these ITK's Python packages read
 * unsigned ones, of LONG and ULONG neither. */
IOComponentEnum
ToIOComponent(iwf_component_type type) noexcept;

IOPixelEnum
ToIOPixel(iwf_pixel_type type) noexcept;

/** LONG and ULONG are named by the size that long has here.
 * \return false for types that the formats do not have: unknown, long double. */
bool
FromIOComponent(IOComponentEnum type, iwf_component_type & result) noexcept;

/** As above, but throws: "<what> has the component type <name>, which the format does not have". */
iwf_component_type
FromIOComponent(IOComponentEnum type, const char * what, const Call & call);

iwf_pixel_type
FromIOPixel(IOPixelEnum type) noexcept;

/** Says why ITK should not get a grid, or "" if it may. ITK inverts the product of direction and spacing, and VNL's way of
 * doing so aborts, never ends, or prints to the console where numbers overflow.
 * \param direction dimension x dimension */
std::string
FindBadGeometry(const double * spacing, const double * direction, unsigned int dimension);

/** Borrows the string. */
inline iwf_text
ToText(const std::string & text) noexcept
{
  return iwf_text{ text.data(), text.size() };
}

inline std::string
ToString(const iwf_text & text)
{
  return text.data == nullptr ? std::string() : std::string(text.data, text.length);
}

} // namespace wasm
} // namespace itk

#endif
