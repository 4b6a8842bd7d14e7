/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmImageIOTestUtilities_h
#define itkWasmImageIOTestUtilities_h

#include "itkWasmTestFolder.h"

#include "itkDefaultConvertPixelTraits.h"
#include "itkImage.h"
#include "itkImageFileReader.h"
#include "itkImageFileWriter.h"
#include "itkWasmImageIO.h"
#include "itkWasmImageIOFactory.h"

#include <cmath>
#include <cstring>

/** Registers the factory, once, before the first test. */
class WasmImageTest : public WasmFolderTest
{
protected:
  static void
  SetUpTestSuite()
  {
    static const bool registered = (itk::WasmImageIOFactory::RegisterOneFactory(), true);
    (void)registered;
  }
};

// Geometry that no default, transpose or swapped axis equals.

inline double
OriginOf(unsigned int axis)
{
  return -12.75 + 1000.0 / (axis + 3);
}

inline double
SpacingOf(unsigned int axis)
{
  return 0.7 + axis * 0.1;
}

/** Element of an orthonormal, non-symmetric matrix: a product of rotations in the planes of neighbouring axes. */
inline double
DirectionOf(unsigned int dimension, unsigned int row, unsigned int column)
{
  std::vector<std::vector<double>> d(dimension, std::vector<double>(dimension, 0.0));
  for (unsigned int i = 0; i < dimension; ++i)
  {
    d[i][i] = 1;
  }
  for (unsigned int i = 0; i + 1 < dimension; ++i)
  {
    const double c = std::cos(0.3 + 0.2 * i);
    const double s = std::sin(0.3 + 0.2 * i);
    for (unsigned int r = 0; r < dimension; ++r)
    {
      const double a = d[r][i];
      const double b = d[r][i + 1];
      d[r][i] = a * c + b * s;
      d[r][i + 1] = b * c - a * s;
    }
  }
  return d[row][column];
}

inline std::vector<double>
DirectionAxis(unsigned int dimension, unsigned int axis)
{
  std::vector<double> cosines;
  for (unsigned int row = 0; row < dimension; ++row)
  {
    cosines.push_back(DirectionOf(dimension, row, axis));
  }
  return cosines;
}

template <typename TImage>
void
SetGeometry(TImage * image)
{
  typename TImage::PointType     origin;
  typename TImage::SpacingType   spacing;
  typename TImage::DirectionType direction;
  for (unsigned int i = 0; i < TImage::ImageDimension; ++i)
  {
    origin[i] = OriginOf(i);
    spacing[i] = SpacingOf(i);
    for (unsigned int j = 0; j < TImage::ImageDimension; ++j)
    {
      direction[i][j] = DirectionOf(TImage::ImageDimension, i, j);
    }
  }
  image->SetOrigin(origin);
  image->SetSpacing(spacing);
  image->SetDirection(direction);
}

/** An image of 6 x 5 x 4 x … pixels whose components count up. */
template <typename TImage>
typename TImage::Pointer
MakeImage()
{
  using Component = typename itk::DefaultConvertPixelTraits<typename TImage::PixelType>::ComponentType;
  typename TImage::SizeType size;
  for (unsigned int i = 0; i < TImage::ImageDimension; ++i)
  {
    size[i] = i < 4 ? 6 - i : 2;
  }
  const auto image = TImage::New();
  image->SetRegions(size);
  SetGeometry<TImage>(image);
  image->Allocate();
  auto *       components = reinterpret_cast<Component *>(image->GetBufferPointer());
  const size_t count = image->GetPixelContainer()->Size() * sizeof(typename TImage::PixelType) / sizeof(Component);
  for (size_t i = 0; i < count; ++i)
  {
    components[i] = static_cast<Component>(static_cast<double>(i % 251) - (std::is_signed<Component>::value ? 120 : 0));
  }
  return image;
}

template <typename TImage>
std::string
PixelBytes(const TImage * image)
{
  return std::string(reinterpret_cast<const char *>(image->GetBufferPointer()),
                     image->GetPixelContainer()->Size() * sizeof(typename TImage::PixelType));
}

template <typename TImage>
void
Write(const TImage * image, const std::string & path)
{
  const auto writer = itk::ImageFileWriter<TImage>::New();
  writer->SetInput(image);
  writer->SetFileName(path);
  writer->Update();
}

template <typename TImage>
typename TImage::Pointer
Read(const std::string & path)
{
  const auto reader = itk::ImageFileReader<TImage>::New();
  reader->SetFileName(path);
  reader->Update();
  EXPECT_STREQ(reader->GetImageIO()->GetNameOfClass(), "WasmImageIO");
  return reader->GetOutput();
}

template <typename TImage>
void
ExpectSameGeometry(const TImage * a, const TImage * b)
{
  EXPECT_EQ(a->GetLargestPossibleRegion().GetSize(), b->GetLargestPossibleRegion().GetSize());
  EXPECT_EQ(a->GetOrigin(), b->GetOrigin());
  EXPECT_EQ(a->GetSpacing(), b->GetSpacing());
  EXPECT_EQ(a->GetDirection(), b->GetDirection());
}

#endif
