/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmMetadata_h
#define itkWasmMetadata_h

/**
 * \file
 * Metadata between ITK's dictionary and the C core's values. Private: no header in include/ may include it.
 */

#include "iwf/iwf.h"

#include "itkMetaDataDictionary.h"

#include <deque>
#include <vector>

namespace itk
{
namespace wasm
{

/** A metadata dictionary as the core's value tree. Borrows the dictionary's keys and strings: it must neither change nor
 * go before the tree. Values of types that the formats do not have are left out.
 *
 * Booleans, integers, floating-point numbers and strings become scalars; std::vector and itk::Array of these arrays;
 * std::vector of std::vector and itk::Matrix arrays of arrays. */
class MetadataTree
{
public:
  explicit MetadataTree(const MetaDataDictionary & dictionary);
  MetadataTree(const MetadataTree &) = delete;
  MetadataTree &
  operator=(const MetadataTree &) = delete;

  /** The map, or nullptr when there is nothing to write: for the info structs. */
  const iwf_value *
  Get() const noexcept
  {
    return m_Members.empty() ? nullptr : &m_Root;
  }

private:
  friend struct TreeBuilder;

  iwf_value                          m_Root{};
  std::vector<iwf_member>            m_Members;
  std::deque<std::vector<iwf_value>> m_Arrays;
};

/** Adds what a file's metadata say to a dictionary.
 *
 * bool, double and std::string stand for themselves; an integer becomes an int when it fits, else the next that does of
 * unsigned int, unsigned long, long, unsigned long long and long long; lists become std::vector of double or
 * std::string, lists of lists std::vector of those. Integers in lists become double, unless one of them would lose
 * digits and all numbers are integers: then unsigned long long or long long. What the dictionary has no type for (null, maps, mixed lists) is left
 * out.
 * \param metadata may be nullptr */
void
FillDictionary(const iwf_value * metadata, MetaDataDictionary & dictionary);

} // namespace wasm
} // namespace itk

#endif
