/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */

// The metadata dictionary to the formats and back, through images; the bridge is the same for meshes and transforms.

#include "itkWasmImageIOTestUtilities.h"

#include "itkArray.h"
#include "itkMatrix.h"
#include "itkMetaDataObject.h"

#include <limits>

namespace
{

using ImageType = itk::Image<unsigned char, 2>;
using Dictionary = itk::MetaDataDictionary;

class WasmMetadataTest : public WasmImageTest, public testing::WithParamInterface<const char *>
{
protected:
  /** The dictionary after a write and a read, without the two entries that ImageFileReader adds. */
  Dictionary
  RoundTrip(const Dictionary & dictionary)
  {
    const auto image = MakeImage<ImageType>();
    image->SetMetaDataDictionary(dictionary);
    Write<ImageType>(image, this->Path(GetParam()));
    Dictionary back = Read<ImageType>(this->Path(GetParam()))->GetMetaDataDictionary();
    back.Erase("ITK_original_spacing");
    back.Erase("ITK_original_direction");
    return back;
  }

  /** The value that comes back for one of type T, and that it comes as a TBack. */
  template <typename TBack, typename T>
  TBack
  RoundTripValue(const T & value)
  {
    Dictionary dictionary;
    itk::EncapsulateMetaData<T>(dictionary, "key", value);
    const Dictionary back = this->RoundTrip(dictionary);
    TBack            result{};
    EXPECT_TRUE(itk::ExposeMetaData<TBack>(back, "key", result));
    EXPECT_EQ(back.GetKeys().size(), 1u);
    return result;
  }

  template <typename T>
  void
  ExpectSame(const T & value)
  {
    EXPECT_EQ((this->RoundTripValue<T>(value)), value);
  }
};

INSTANTIATE_TEST_SUITE_P(,
                         WasmMetadataTest,
                         testing::Values("m.iwi", "m.iwi.cbor", "m.iwi.cbor.zst"),
                         [](const testing::TestParamInfo<const char *> & info) {
                           std::string name = info.param + 2;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

TEST_P(WasmMetadataTest, BooleansAndTexts)
{
  this->ExpectSame(true);
  this->ExpectSame(false);
  this->ExpectSame(std::string());
  this->ExpectSame(std::string("plain"));
  this->ExpectSame(std::string("quotes \" \\ \n\t and \xC3\xBC\xE2\x82\xAC\xF0\x9F\xA7\xA0"));
  this->ExpectSame(std::string(100000, 'x'));
}

TEST_P(WasmMetadataTest, TextWithNul)
{
  this->ExpectSame(std::string("a\0b", 3));
}

TEST_P(WasmMetadataTest, DoublesToTheLastBit)
{
  for (double value : { 0.0,
                        1.0,
                        -1.5,
                        0.1,
                        1.0 / 3,
                        1e300,
                        -4.9e-324,
                        std::numeric_limits<double>::max(),
                        std::numeric_limits<double>::min(),
                        9007199254740993.0 })
  {
    this->ExpectSame(value);
  }
  EXPECT_TRUE(std::signbit(this->RoundTripValue<double>(-0.0)));
  EXPECT_EQ((this->RoundTripValue<double>(0.1f)), static_cast<double>(0.1f));
}

TEST_P(WasmMetadataTest, Integers)
{
  for (int value : { 0, 1, 23, 24, 255, 256, 65536, -1, -24, -25, -257, INT_MAX, INT_MIN })
  {
    this->ExpectSame(value);
  }
  // The formats do not carry the width: the smallest type of int and wider that has the value comes back.
  EXPECT_EQ((this->RoundTripValue<int>(static_cast<char>(65))), 65);
  EXPECT_EQ((this->RoundTripValue<int>(static_cast<signed char>(-128))), -128);
  EXPECT_EQ((this->RoundTripValue<int>(static_cast<unsigned char>(255))), 255);
  EXPECT_EQ((this->RoundTripValue<int>(static_cast<short>(-32768))), -32768);
  EXPECT_EQ((this->RoundTripValue<int>(static_cast<unsigned short>(65535))), 65535);
  EXPECT_EQ((this->RoundTripValue<int>(7L)), 7);
  EXPECT_EQ((this->RoundTripValue<int>(7ULL)), 7);
  this->ExpectSame(std::numeric_limits<unsigned int>::max());
  this->ExpectSame(std::numeric_limits<unsigned long>::max());
  this->ExpectSame(std::numeric_limits<long>::min());
  EXPECT_EQ((this->RoundTripValue<unsigned long>(std::numeric_limits<unsigned long long>::max())), ULONG_MAX);
  EXPECT_EQ((this->RoundTripValue<long>(std::numeric_limits<long long>::min())), LONG_MIN);
  EXPECT_EQ((this->RoundTripValue<unsigned long>(9007199254740993LL)), 9007199254740993UL);
}

TEST_P(WasmMetadataTest, Lists)
{
  this->ExpectSame(std::vector<double>{ 1, 2.5, -1e-9, 1.0 / 3 });
  this->ExpectSame(std::vector<double>{});
  this->ExpectSame(std::vector<std::string>{ "a", "", "\xC3\xBC" });
  this->ExpectSame(std::vector<std::vector<double>>{ { 1, 2, 3 }, {}, { -0.5 } });
  this->ExpectSame(std::vector<std::vector<std::string>>{ { "a", "b" }, { "c" } });
  const std::vector<double> expected{ 1, 2, 200 };
  EXPECT_EQ((this->RoundTripValue<std::vector<double>>(std::vector<int>{ 1, 2, 200 })), expected);
  EXPECT_EQ((this->RoundTripValue<std::vector<double>>(std::vector<float>{ 1, 2, 200 })), expected);
  EXPECT_EQ((this->RoundTripValue<std::vector<double>>(std::vector<unsigned char>{ 1, 2, 200 })), expected);
  EXPECT_EQ((this->RoundTripValue<std::vector<std::vector<double>>>(std::vector<std::vector<short>>{ { 1, 2, 200 } })),
            std::vector<std::vector<double>>{ expected });
}

TEST_P(WasmMetadataTest, IntegersInListsLoseNoDigits)
{
  this->ExpectSame(std::vector<long long>{ -1, LLONG_MIN, 9007199254740993LL });
  this->ExpectSame(std::vector<unsigned long long>{ 1, ULLONG_MAX });
  EXPECT_EQ((this->RoundTripValue<std::vector<double>>(std::vector<long long>{ -1, 9007199254740992LL })),
            (std::vector<double>{ -1, 9007199254740992.0 }));
  this->ExpectSame(std::vector<std::vector<long long>>{ { -1 }, {}, { 1, 9007199254740993LL } });
  this->ExpectSame(std::vector<std::vector<unsigned long long>>{ { 1 }, { 2, ULLONG_MAX } });
}

TEST_P(WasmMetadataTest, ArraysAndMatrices)
{
  const double       values[] = { 1, 2.5, -3, 0.1, 5, 6, 7, 8, 9 };
  itk::Array<double> array(3);
  itk::Array<float>  floats(2);
  itk::Array<int>    ints(2);
  itk::Array<char>   chars(1);
  std::copy_n(values, 3, array.begin());
  floats.Fill(0.25f);
  ints.Fill(-4);
  chars.Fill(3);
  EXPECT_EQ((this->RoundTripValue<std::vector<double>>(array)), (std::vector<double>{ 1, 2.5, -3 }));
  EXPECT_EQ((this->RoundTripValue<std::vector<double>>(floats)), (std::vector<double>{ 0.25, 0.25 }));
  EXPECT_EQ((this->RoundTripValue<std::vector<double>>(ints)), (std::vector<double>{ -4, -4 }));
  EXPECT_EQ((this->RoundTripValue<std::vector<double>>(chars)), (std::vector<double>{ 3 }));
  itk::Matrix<double, 3, 3> matrix;
  itk::Matrix<float, 4, 4>  four;
  for (unsigned int i = 0; i < 9; ++i)
  {
    matrix[i / 3][i % 3] = values[i];
  }
  four.SetIdentity();
  EXPECT_EQ((this->RoundTripValue<std::vector<std::vector<double>>>(matrix)),
            (std::vector<std::vector<double>>{ { 1, 2.5, -3 }, { 0.1, 5, 6 }, { 7, 8, 9 } }));
  EXPECT_EQ((this->RoundTripValue<std::vector<std::vector<double>>>(four)[3]), (std::vector<double>{ 0, 0, 0, 1 }));
}

struct Opaque
{
  int value;

  bool
  operator==(const Opaque & other) const
  {
    return value == other.value;
  }
};

TEST_P(WasmMetadataTest, WhatTheFormatsDoNotHaveIsLeftOut)
{
  Dictionary dictionary;
  itk::EncapsulateMetaData<int>(dictionary, "a", 1);
  itk::EncapsulateMetaData<Opaque>(dictionary, "b", Opaque{ 2 });
  itk::EncapsulateMetaData<std::string>(dictionary, "c", "3");
  const Dictionary back = this->RoundTrip(dictionary);
  EXPECT_EQ(back.GetKeys(), (std::vector<std::string>{ "a", "c" }));
}

TEST_P(WasmMetadataTest, KeysAndManyEntries)
{
  Dictionary dictionary;
  itk::EncapsulateMetaData<int>(dictionary, "", 1);
  itk::EncapsulateMetaData<int>(dictionary, "0010|0010", 2);
  itk::EncapsulateMetaData<int>(dictionary, "\xC3\xBC \"quoted\"", 3);
  for (int i = 0; i < 1000; ++i)
  {
    itk::EncapsulateMetaData<int>(dictionary, "key" + std::to_string(i), i);
  }
  const Dictionary back = this->RoundTrip(dictionary);
  EXPECT_EQ(back.GetKeys(), dictionary.GetKeys());
  int value = 0;
  EXPECT_TRUE(itk::ExposeMetaData<int>(back, "key777", value));
  EXPECT_EQ(value, 777);
}

TEST_P(WasmMetadataTest, NoMetadataAndNoLeftovers)
{
  EXPECT_TRUE(this->RoundTrip(Dictionary()).GetKeys().empty());

  // An IO object that is used again forgets the last file's dictionary.
  Dictionary dictionary;
  itk::EncapsulateMetaData<int>(dictionary, "a", 1);
  const std::string second = "x" + std::string(GetParam());
  const auto        image = MakeImage<ImageType>();
  image->SetMetaDataDictionary(dictionary);
  Write<ImageType>(image, this->Path(second));
  const auto io = itk::WasmImageIO::New();
  io->SetFileName(this->Path(second));
  io->ReadImageInformation();
  EXPECT_EQ(io->GetMetaDataDictionary().GetKeys(), std::vector<std::string>{ "a" });
  io->SetFileName(this->Path(GetParam()));
  io->ReadImageInformation();
  EXPECT_TRUE(io->GetMetaDataDictionary().GetKeys().empty());
}

TEST_P(WasmMetadataTest, TheReadersOwnEntriesSurviveTheNextWrite)
{
  // ImageFileReader adds a matrix and a vector; writing what was read must neither fail nor spoil them.
  const auto image = MakeImage<ImageType>();
  Write<ImageType>(image, this->Path(GetParam()));
  const auto once = Read<ImageType>(this->Path(GetParam()));
  Write<ImageType>(once, this->Path(GetParam()));
  const auto               twice = Read<ImageType>(this->Path(GetParam()));
  ImageType::DirectionType direction;
  std::vector<double>      spacing;
  EXPECT_TRUE(
    itk::ExposeMetaData<ImageType::DirectionType>(twice->GetMetaDataDictionary(), "ITK_original_direction", direction));
  EXPECT_TRUE(
    itk::ExposeMetaData<std::vector<double>>(twice->GetMetaDataDictionary(), "ITK_original_spacing", spacing));
  EXPECT_EQ(direction, image->GetDirection());
}

TEST_P(WasmMetadataTest, NonFiniteNumbers)
{
  const double infinity = std::numeric_limits<double>::infinity();
  if (std::string(GetParam()) == "m.iwi")
  {
    // JSON has no word for them, and leaving them out would lose them silently.
    EXPECT_ITK_ERROR(this->RoundTripValue<double>(infinity), "m.iwi", "metadata", "finite");
    EXPECT_TRUE(this->Contents().empty());
  }
  else
  {
    this->ExpectSame(infinity);
    EXPECT_TRUE(std::isnan(this->RoundTripValue<double>(std::numeric_limits<double>::quiet_NaN())));
  }
}

} // namespace
