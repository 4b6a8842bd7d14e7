/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmMetaDataAccess_h
#define itkWasmMetaDataAccess_h

#include "itkMetaDataDictionary.h"
#include "itkMetaDataObject.h"

#include <algorithm>
#include <string>
#include <vector>

namespace itk
{
/** \class WasmMetaDataAccess
 *
 * \brief Metadata of types that files have and ITK's Python wrapping has no class for.
 *
 * ITK's wrapping of itk::MetaDataObject has no lists of strings, no signed 64-bit numbers and no lists of 64-bit numbers.
 * These functions are all that it takes to read and write them; C++ has itk::EncapsulateMetaData() and
 * itk::ExposeMetaData().
 *
 * \ingroup WebAssemblyInterface
 */
class WasmMetaDataAccess
{
public:
  /** Whether the entry is a list of strings. */
  static bool
  HasStrings(const MetaDataDictionary & dictionary, const std::string & key)
  {
    return Find<std::vector<std::string>>(dictionary, key) != nullptr;
  }

  /** The list of strings. Empty if the entry is none. */
  static std::vector<std::string>
  GetStrings(const MetaDataDictionary & dictionary, const std::string & key)
  {
    const auto * found = Find<std::vector<std::string>>(dictionary, key);
    return found == nullptr ? std::vector<std::string>{} : found->GetMetaDataObjectValue();
  }

  static void
  SetStrings(MetaDataDictionary & dictionary, const std::string & key, const std::vector<std::string> & value)
  {
    EncapsulateMetaData<std::vector<std::string>>(dictionary, key, value);
  }

  /** Whether the entry is an integer of one of the types that the wrapping has no class for. */
  static bool
  HasInteger(const MetaDataDictionary & dictionary, const std::string & key)
  {
    long long value;
    return FindInteger(dictionary, key, value);
  }

  /** The integer; unsigned ones beyond the largest signed one come with the sign bit set. 0 if the entry is none. */
  static long long
  GetInteger(const MetaDataDictionary & dictionary, const std::string & key)
  {
    long long value = 0;
    FindInteger(dictionary, key, value);
    return value;
  }

  /** Whether the integer is of an unsigned type. */
  static bool
  IsUnsigned(const MetaDataDictionary & dictionary, const std::string & key)
  {
    return Find<unsigned long long>(dictionary, key) != nullptr;
  }

  static void
  SetInteger(MetaDataDictionary & dictionary, const std::string & key, long long value)
  {
    EncapsulateMetaData<long long>(dictionary, key, value);
  }

  /** Whether the entry is a list of 64-bit integers. */
  static bool
  HasIntegers(const MetaDataDictionary & dictionary, const std::string & key)
  {
    return Find<std::vector<unsigned long long>>(dictionary, key) != nullptr ||
           Find<std::vector<long long>>(dictionary, key) != nullptr;
  }

  /** The integers in decimal, as Python has no list type for both signed and unsigned ones. Empty if the entry is no such
   * list. */
  static std::vector<std::string>
  GetIntegers(const MetaDataDictionary & dictionary, const std::string & key)
  {
    std::vector<std::string> texts;
    AppendIntegers<unsigned long long>(dictionary, key, texts);
    AppendIntegers<long long>(dictionary, key, texts);
    return texts;
  }

  /** Sets a list of integers, which are given in decimal: of unsigned ones, unless one is negative.
   * \exception std::out_of_range one does not fit into 64 bits */
  static void
  SetIntegers(MetaDataDictionary & dictionary, const std::string & key, const std::vector<std::string> & texts)
  {
    const bool isSigned =
      std::any_of(texts.begin(), texts.end(), [](const std::string & text) { return text[0] == '-'; });
    if (isSigned)
    {
      SetParsed<long long>(dictionary, key, texts, [](const std::string & text) { return std::stoll(text); });
    }
    else
    {
      SetParsed<unsigned long long>(dictionary, key, texts, [](const std::string & text) { return std::stoull(text); });
    }
  }

private:
  template <typename T, typename TParse>
  static void
  SetParsed(MetaDataDictionary &             dictionary,
            const std::string &              key,
            const std::vector<std::string> & texts,
            TParse                           parse)
  {
    std::vector<T> values(texts.size());
    std::transform(texts.begin(), texts.end(), values.begin(), parse);
    EncapsulateMetaData<std::vector<T>>(dictionary, key, values);
  }

  template <typename T>
  static void
  AppendIntegers(const MetaDataDictionary & dictionary, const std::string & key, std::vector<std::string> & texts)
  {
    if (const auto * found = Find<std::vector<T>>(dictionary, key))
    {
      for (const T value : found->GetMetaDataObjectValue())
      {
        texts.push_back(std::to_string(value));
      }
    }
  }

  template <typename T>
  static const MetaDataObject<T> *
  Find(const MetaDataDictionary & dictionary, const std::string & key)
  {
    return dynamic_cast<const MetaDataObject<T> *>(dictionary.Get(key));
  }

  template <typename T>
  static bool
  FindOne(const MetaDataDictionary & dictionary, const std::string & key, long long & value)
  {
    const auto * found = Find<T>(dictionary, key);
    if (found != nullptr)
    {
      value = static_cast<long long>(found->GetMetaDataObjectValue());
    }
    return found != nullptr;
  }

  static bool
  FindInteger(const MetaDataDictionary & dictionary, const std::string & key, long long & value)
  {
    return FindOne<long>(dictionary, key, value) || FindOne<long long>(dictionary, key, value) ||
           FindOne<unsigned long long>(dictionary, key, value) || FindOne<char>(dictionary, key, value) ||
           FindOne<signed char>(dictionary, key, value) || FindOne<unsigned char>(dictionary, key, value);
  }
};
} // end namespace itk
#endif
