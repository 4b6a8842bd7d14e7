/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_RAPIDJSON_H
#define IWF_RAPIDJSON_H

/*
 * RapidJSON as the two shims use it: no exception may leave them, so its allocations and assertions throw and each
 * shim catches at its C border.
 */

#include <cstdlib>
#include <new>
#include <stdexcept>

#define RAPIDJSON_ASSERT(condition)                     \
  do                                                    \
  {                                                     \
    if (!(condition))                                   \
    {                                                   \
      throw std::logic_error("RapidJSON: " #condition); \
    }                                                   \
  } while (false)
#define RAPIDJSON_HAS_STDSTRING 0

namespace iwf
{
/** RapidJSON does not look at what an allocator returns, so running out of memory has to throw. */
class ThrowingAllocator
{
public:
  static const bool kNeedFree = true;

  void *
  Malloc(std::size_t size)
  {
    return Realloc(nullptr, 0, size);
  }

  void *
  Realloc(void * original, std::size_t, std::size_t size)
  {
    if (size == 0)
    {
      std::free(original);
      return nullptr;
    }
    void * const memory = std::realloc(original, size);
    if (memory == nullptr)
    {
      throw std::bad_alloc();
    }
    return memory;
  }

  static void
  Free(void * memory)
  {
    std::free(memory);
  }
};
} // namespace iwf

#endif
