/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmBufferKeeper_h
#define itkWasmBufferKeeper_h

#include "itkCommand.h"
#include "itkEventObject.h"

namespace itk
{
/** \class WasmBufferKeeper
 *
 * \brief Keeps something alive as long as the pixel container of an image.
 *
 * An image can use memory of others: itk::PyBuffer makes images over the arrays of NumPy. The memory has to live as long
 * as the container, not as the image: itk::Image::Graft() hands the container on to other images, and filters that
 * work in place do so. A command that observes the container lives and dies with it.
 *
 * \ingroup WebAssemblyInterface
 */
class WasmBufferKeeper
{
public:
  /** Lets the container, what itk::Image::GetPixelContainer() returns, hold the command. It is never executed.
   * The container comes without its type, since ITK's Python wrapping has no class for it. All are itk::Objects, which
   * is their first base class. */
  static void
  Keep(void * pixelContainer, Command * command)
  {
    static_cast<Object *>(pixelContainer)->AddObserver(NoEvent(), command);
  }
};
} // end namespace itk
#endif
