/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmImageIO.h"

#include "itkWasmBridge.h"
#include "itkWasmMetadata.h"

#include <algorithm>

namespace itk
{
struct WasmImageIO::State
{
  wasm::ReaderHandle reader;
  std::string        readerPath;

  iwf_mapping mapping{};

  /** Of a streamed write or a paste that is not complete. */
  wasm::WriterHandle writer;
  std::string        writerPath;
  uint64_t           pixelsLeft = 0;

  ~State()
  {
    iwf_mapping_release(&mapping);
  }
};

namespace
{

constexpr int defaultCompressionLevel = 3;
constexpr int maximumCompressionLevel = 22;

/** The number of dimensions, one that the core's structs have room for. */
unsigned int
ToDimension(const ImageIOBase & io, const wasm::Call & call)
{
  const unsigned int dimension = io.GetNumberOfDimensions();
  if (dimension < 1 || dimension > IWF_MAX_DIMENSION)
  {
    call.Fail("the image has " + std::to_string(dimension) + " dimensions, expected 1 to " +
              std::to_string(IWF_MAX_DIMENSION));
  }
  return dimension;
}

/** The IORegion: axes that it lacks are at index 0, axes too many have to be. */
iwf_region
ToRegion(const ImageIOBase & io, const wasm::Call & call)
{
  iwf_region            region{};
  const unsigned int    dimension = ToDimension(io, call);
  const ImageIORegion & ioRegion = io.GetIORegion();
  const unsigned int    ioDimension = ioRegion.GetImageDimension();
  for (unsigned int i = 0; i < std::max(dimension, ioDimension); ++i)
  {
    const IndexValueType index = i < ioDimension ? ioRegion.GetIndex(i) : 0;
    const SizeValueType  size = i < ioDimension ? ioRegion.GetSize(i) : 1;
    if (index < 0 || (i >= dimension && (index != 0 || size != 1)))
    {
      call.Fail("the requested region is outside of the image: on axis " + std::to_string(i) + " of " +
                std::to_string(dimension) + " it begins at " + std::to_string(index) + ", size " +
                std::to_string(size));
    }
    if (i < dimension)
    {
      region.index[i] = static_cast<uint64_t>(index);
      region.size[i] = size;
    }
  }
  return region;
}

/** What is to be written, as the core wants it. Borrows the metadata. */
iwf_image_info
ToInfo(const ImageIOBase & io, const wasm::MetadataTree & metadata, const wasm::Call & call)
{
  iwf_image_info info;
  iwf_image_info_init(&info);
  const unsigned int dimension = ToDimension(io, call);
  info.dimension = dimension;
  info.component_type = wasm::FromIOComponent(io.GetComponentType(), "the image", call);
  info.pixel_type = wasm::FromIOPixel(io.GetPixelType());
  info.components = io.GetNumberOfComponents();
  info.metadata = metadata.Get();
  for (unsigned int i = 0; i < dimension; ++i)
  {
    info.size[i] = io.GetDimensions(i);
    info.origin[i] = io.GetOrigin(i);
    info.spacing[i] = io.GetSpacing(i);
    const std::vector<double> axis = io.GetDirection(i);
    for (unsigned int row = 0; row < dimension; ++row)
    {
      info.direction[row * dimension + i] = row < axis.size() ? axis[row] : row == i ? 1.0 : 0.0;
    }
  }
  return info;
}

/** Whether two images of one dimension lie at the same place in space. */
bool
HaveSameGeometry(const iwf_image_info & a, const iwf_image_info & b)
{
  return std::equal(a.origin, a.origin + a.dimension, b.origin) &&
         std::equal(a.spacing, a.spacing + a.dimension, b.spacing) &&
         std::equal(a.direction, a.direction + a.dimension * a.dimension, b.direction);
}

/** Begins to write an image whose level of compression matters for `.zst` only. */
wasm::WriterHandle
OpenWriter(const iwf_image_info & info, int compressionLevel, wasm::Call & call)
{
  iwf_write_options options{};
  options.compression_level = compressionLevel;
  iwf_writer * writer = nullptr;
  call.Check(iwf_writer_open_image(&writer, call.Path().c_str(), &info, &options, call.Error()));
  return wasm::WriterHandle(writer);
}

/** Makes an image of zeros for pieces to be pasted into. */
void
WriteZeros(const iwf_image_info & info, wasm::Call & call)
{
  iwf_region whole{};
  std::copy_n(info.size, info.dimension, whole.size);
  uint64_t bytes = 0;
  call.Check(iwf_image_region_bytes(&info, &whole, &bytes, call.Error()));

  const wasm::WriterHandle writer = OpenWriter(info, 0, call);
  const std::vector<char>  zeros(static_cast<size_t>(std::min<uint64_t>(bytes, 1 << 20)));
  for (uint64_t first = 0; first < bytes;)
  {
    const uint64_t length = std::min<uint64_t>(bytes - first, zeros.size());
    call.Check(iwf_writer_write(writer.get(), 0, IWF_IMAGE_DATA, first, length, zeros.data(), call.Error()));
    first += length;
  }
  call.Check(iwf_writer_commit(writer.get(), call.Error()));
}

} // namespace

WasmImageIO::WasmImageIO()
  : m_State(new State)
{
  this->SetFileTypeToBinary();
  this->SetByteOrderToLittleEndian();
  for (const char * extension : { ".iwi", ".iwi.cbor", ".iwi.cbor.zst" })
  {
    this->AddSupportedReadExtension(extension);
    this->AddSupportedWriteExtension(extension);
  }
  this->Self::SetCompressor("");
  this->Self::SetMaximumCompressionLevel(maximumCompressionLevel);
  this->Self::SetCompressionLevel(defaultCompressionLevel);
}

WasmImageIO::~WasmImageIO() = default;

void
WasmImageIO::PrintSelf(std::ostream & os, Indent indent) const
{
  Superclass::PrintSelf(os, indent);
  os << indent << "OpenForReading: " << (m_State->reader ? m_State->readerPath : "(none)") << std::endl;
  os << indent << "OpenForWriting: " << (m_State->writer ? m_State->writerPath : "(none)") << std::endl;
  os << indent << "PixelsLeft: " << (m_State->writer ? m_State->pixelsLeft : 0) << std::endl;
}

bool
WasmImageIO::SupportsDimension(unsigned long dimension)
{
  return dimension >= 1 && dimension <= IWF_MAX_DIMENSION;
}

bool
WasmImageIO::IsCompressed() const
{
  iwf_family    family;
  iwf_container container;
  return iwf_path_format(m_FileName.c_str(), &family, &container) != 0 && container == IWF_CONTAINER_CBOR_ZSTD;
}

bool
WasmImageIO::CanReadFile(const char * fileName)
{
  return wasm::IsCandidate(fileName, IWF_FAMILY_IMAGE);
}

void
WasmImageIO::ReadImageInformation()
{
  wasm::Call call(*this, m_FileName);
  m_State->reader.reset(); // the file may be another one by now
  m_State->reader = wasm::OpenReader(call, IWF_FAMILY_IMAGE);
  m_State->readerPath = m_FileName;

  const iwf_image_info & info = *iwf_reader_image(m_State->reader.get());
  const std::string      problem = wasm::FindBadGeometry(info.spacing, info.direction, info.dimension);
  if (!problem.empty())
  {
    call.Fail(problem);
  }
  this->SetNumberOfDimensions(info.dimension);
  this->SetComponentType(wasm::ToIOComponent(info.component_type));
  this->SetPixelType(wasm::ToIOPixel(info.pixel_type));
  this->SetNumberOfComponents(info.components);
  ImageIORegion       whole(info.dimension);
  std::vector<double> axis(info.dimension);
  for (unsigned int i = 0; i < info.dimension; ++i)
  {
    this->SetDimensions(i, info.size[i]);
    this->SetOrigin(i, info.origin[i]);
    this->SetSpacing(i, info.spacing[i]);
    for (unsigned int row = 0; row < info.dimension; ++row)
    {
      axis[row] = info.direction[row * info.dimension + i];
    }
    this->SetDirection(i, axis);
    whole.SetSize(i, info.size[i]);
  }
  this->SetIORegion(whole);

  MetaDataDictionary dictionary;
  wasm::FillDictionary(info.metadata, dictionary);
  this->SetMetaDataDictionary(dictionary);
}

bool
WasmImageIO::CanStreamRead()
{
  return !this->IsCompressed();
}

ImageIORegion
WasmImageIO::GenerateStreamableReadRegionFromRequestedRegion(const ImageIORegion & requested) const
{
  return m_UseStreamedReading && !this->IsCompressed()
           ? requested
           : Superclass::GenerateStreamableReadRegionFromRequestedRegion(requested);
}

void
WasmImageIO::OpenForReading()
{
  if (m_State->reader && m_State->readerPath == m_FileName)
  {
    return;
  }
  wasm::Call         call(*this, m_FileName);
  wasm::ReaderHandle reader = wasm::OpenReader(call, IWF_FAMILY_IMAGE);

  // The caller's buffer was made for what ReadImageInformation() said.
  const iwf_image_info & info = *iwf_reader_image(reader.get());
  bool                   same = info.dimension == m_NumberOfDimensions && info.components == m_NumberOfComponents &&
              wasm::ToIOComponent(info.component_type) == m_ComponentType;
  for (unsigned int i = 0; same && i < info.dimension; ++i)
  {
    same = info.size[i] == m_Dimensions[i];
  }
  if (!same)
  {
    call.Fail("the image's type or size is not the one that ReadImageInformation() found");
  }
  m_State->reader = std::move(reader);
  m_State->readerPath = m_FileName;
}

void
WasmImageIO::Read(void * buffer)
{
  wasm::Call       call(*this, m_FileName);
  const iwf_region region = ToRegion(*this, call);
  if (std::count(region.size, region.size + m_NumberOfDimensions, 0u) != 0)
  {
    return; // nothing was requested
  }
  this->OpenForReading();
  wasm::ReaderHandle reader = std::move(m_State->reader); // closed at the end, or by an exception
  call.Check(iwf_reader_read_region(reader.get(), &region, buffer, call.Error()));
  if (m_IORegion.GetNumberOfPixels() < static_cast<uint64_t>(this->GetImageSizeInPixels()))
  {
    m_State->reader = std::move(reader); // more regions will follow
  }
}

void *
WasmImageIO::MapPixels()
{
  wasm::Call call(*this, m_FileName);
  iwf_mapping_release(&m_State->mapping);
  this->OpenForReading();
  const iwf_status status = iwf_reader_map(m_State->reader.get(), 0, IWF_IMAGE_DATA, &m_State->mapping, call.Error());
  if (status == IWF_ERROR_UNSUPPORTED)
  {
    return nullptr;
  }
  call.Check(status);
  return m_State->mapping.data;
}

bool
WasmImageIO::CanWriteFile(const char * fileName)
{
  return wasm::HasSuffix(fileName, IWF_FAMILY_IMAGE);
}

void
WasmImageIO::WriteImageInformation()
{}

bool
WasmImageIO::CanStreamWrite()
{
  return !this->IsCompressed();
}

unsigned int
WasmImageIO::GetActualNumberOfSplitsForWriting(unsigned int          numberOfRequestedSplits,
                                               const ImageIORegion & pasteRegion,
                                               const ImageIORegion & largestPossibleRegion)
{
  m_State->writer.reset(); // rolls back what was begun and not finished
  const unsigned int splits =
    Superclass::GetActualNumberOfSplitsForWriting(numberOfRequestedSplits, pasteRegion, largestPossibleRegion);
  if (pasteRegion != largestPossibleRegion)
  {
    this->OpenForPasting();
    m_State->pixelsLeft = pasteRegion.GetNumberOfPixels();
  }
  return splits;
}

void
WasmImageIO::OpenForWriting()
{
  wasm::Call               call(*this, m_FileName);
  const wasm::MetadataTree metadata(this->GetMetaDataDictionary());
  const iwf_image_info     info = ToInfo(*this, metadata, call);

  m_State->reader.reset(); // it would go on to see the old file
  m_State->writer.reset();
  m_State->writer = OpenWriter(info, this->GetCompressionLevel(), call);
  m_State->writerPath = m_FileName;
  m_State->pixelsLeft = static_cast<uint64_t>(this->GetImageSizeInPixels());
}

void
WasmImageIO::OpenForPasting()
{
  wasm::Call               call(*this, m_FileName);
  const wasm::MetadataTree metadata(this->GetMetaDataDictionary());
  const iwf_image_info     info = ToInfo(*this, metadata, call);
  if (!wasm::IsCandidate(m_FileName.c_str(), IWF_FAMILY_IMAGE))
  {
    WriteZeros(info, call);
  }
  iwf_writer * opened = nullptr;
  call.Check(iwf_writer_open_paste(&opened, m_FileName.c_str(), &info, call.Error()));
  wasm::WriterHandle writer(opened);

  const wasm::ReaderHandle existing = wasm::OpenReader(call, IWF_FAMILY_IMAGE);
  if (!HaveSameGeometry(info, *iwf_reader_image(existing.get())))
  {
    call.Fail("cannot paste: origin, spacing or direction of the file differ from the image's");
  }
  m_State->writer = std::move(writer);
  m_State->writerPath = m_FileName;
}

void
WasmImageIO::Write(const void * buffer)
{
  wasm::Call       call(*this, m_FileName);
  const iwf_region region = ToRegion(*this, call);
  const uint64_t   pixels = m_IORegion.GetNumberOfPixels();
  const bool       begun = m_State->writer && m_State->writerPath == m_FileName;

  // A filter that cannot stream hands over the whole image whatever was asked of it.
  if (!begun || pixels == static_cast<uint64_t>(this->GetImageSizeInPixels()))
  {
    this->OpenForWriting();
  }
  wasm::WriterHandle writer = std::move(m_State->writer); // rolled back by an exception
  call.Check(iwf_writer_write_region(writer.get(), &region, buffer, call.Error()));
  if (pixels < m_State->pixelsLeft)
  {
    m_State->pixelsLeft -= pixels;
    m_State->writer = std::move(writer); // more pieces will follow
  }
  else
  {
    call.Check(iwf_writer_commit(writer.get(), call.Error()));
  }
}

} // end namespace itk
