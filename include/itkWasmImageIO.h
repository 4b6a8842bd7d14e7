/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmImageIO_h
#define itkWasmImageIO_h
#include "WebAssemblyInterfaceExport.h"

#include "itkImageIOBase.h"

#include <memory>

namespace itk
{
/** \class WasmImageIO
 *
 * \brief Reads and writes itk-wasm images: `.iwi` directories, `.iwi.cbor` and `.iwi.cbor.zst` files.
 *
 * The suffix names the form. All component and pixel types of the formats, all dimensions up to 16, and the metadata
 * dictionary's booleans, numbers, strings and lists of these are kept.
 *
 * Reading: ReadImageInformation() reads the header only. Read() takes the requested region from the file straight into
 * the caller's buffer; it can stream from directories and plain CBOR, while compressed files are read whole. The file
 * is seen as it was at ReadImageInformation() until all of it has been read, also when somebody replaces it meanwhile.
 *
 * Writing: the object is built beside the target and put in its place, atomically, when its last pixel is written. An
 * image may come in stream divisions, in any order; one that is never finished leaves what was there before. Only
 * pasting (ImageFileWriter::SetIORegion()) changes an existing file in place. Compressed files are written in one go.
 *
 * For `.zst`, ImageIOBase::SetCompressionLevel() is zstd's level, 1 to 22, 3 by default; ImageIOBase::UseCompression is
 * not needed, nor does it compress the other forms.
 *
 * \sa WasmImageIOFactory
 * \ingroup IOFilters
 * \ingroup WebAssemblyInterface
 */
class WebAssemblyInterface_EXPORT WasmImageIO : public ImageIOBase
{
public:
  ITK_DISALLOW_COPY_AND_MOVE(WasmImageIO);

  /** Standard class type aliases. */
  using Self = WasmImageIO;
  using Superclass = ImageIOBase;
  using Pointer = SmartPointer<Self>;
  using ConstPointer = SmartPointer<const Self>;

  /** Method for creation through the object factory. */
  itkNewMacro(Self);

  /** \see LightObject::GetNameOfClass() */
#ifdef itkOverrideGetNameOfClassMacro
  itkOverrideGetNameOfClassMacro(WasmImageIO);
#else
  itkTypeMacro(WasmImageIO, ImageIOBase);
#endif

  /** One to sixteen dimensions. */
  bool
  SupportsDimension(unsigned long dimension) override;

  /** Whether the name ends in a suffix of ours and is a directory or a file, as the suffix says. Opens nothing. */
  bool
  CanReadFile(const char * fileName) override;

  /** Reads the header: type, size, geometry and metadata. The time does not depend on the number of pixels. */
  void
  ReadImageInformation() override;

  /** Whether regions can be read: from all but compressed files. */
  bool
  CanStreamRead() override;

  /** The requested region where the file can be streamed and streaming is on, else all of the image. */
  ImageIORegion
  GenerateStreamableReadRegionFromRequestedRegion(const ImageIORegion & requested) const override;

  /** Reads the IORegion into the buffer. Its dimension may differ from the file's; missing axes are at index 0. */
  void
  Read(void * buffer) override;

  /** Maps all pixels of the file that ReadImageInformation() looked at into memory instead of reading them: they are read
   * as they are touched, and what is written to them never reaches the file.
   *
   * Writing the file again through this module leaves the mapping as it is. But when another program truncates the file
   * in place, touching the pixels that are lost kills the process (SIGBUS).
   *
   * \return the first pixel, or nullptr where the file does not hold the pixels as they are in memory (compressed, other
   * byte order, not aligned): Read() them then. The mapping lives as long as this object or until its next one. */
  void *
  MapPixels();

  /** Whether the name ends in a suffix of ours. */
  bool
  CanWriteFile(const char * fileName) override;

  /** Does nothing: the header goes with the pixels. */
  void
  WriteImageInformation() override;

  /** Whether an image can be written in pieces: to all but compressed files. */
  bool
  CanStreamWrite() override;

  /** Begins a streamed write or a paste. A streamed write that was not finished is rolled back.
   *
   * A paste into an existing file throws unless the file's type, size and geometry are those of the image. Where there
   * is no file, one with zeros is made. */
  unsigned int
  GetActualNumberOfSplitsForWriting(unsigned int          numberOfRequestedSplits,
                                    const ImageIORegion & pasteRegion,
                                    const ImageIORegion & largestPossibleRegion) override;

  /** Writes the IORegion from the buffer. The write that completes the image commits it. */
  void
  Write(const void * buffer) override;

protected:
  WasmImageIO();
  ~WasmImageIO() override;

  void
  PrintSelf(std::ostream & os, Indent indent) const override;

private:
  /** What is open; only the source file knows the core. */
  struct State;

  /** Whether the file name's suffix is that of a compressed file. */
  bool
  IsCompressed() const;

  /** Opens the file, unless it is open already. */
  void
  OpenForReading();

  /** Opens a writer for the whole image. */
  void
  OpenForWriting();

  /** Opens the existing image for pasting, or first makes one. */
  void
  OpenForPasting();

  const std::unique_ptr<State> m_State;
};
} // end namespace itk

#endif // itkWasmImageIO_h
