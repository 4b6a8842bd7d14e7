/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmTransformTestUtilities_h
#define itkWasmTransformTestUtilities_h

#include "itkWasmTestFolder.h"
#include "itkWasmTransformIO.h"
#include "itkWasmTransformIOFactory.h"

#include "itkPoint.h"
#include "itkTransformFactoryBase.h"
#include "itkTransformFileReader.h"
#include "itkTransformFileWriter.h"
#include "itkVector.h"
#include "itkVersion.h"

/** ITK 5.2's transforms have no names of their spaces. */
#define IWF_ITK_HAS_SPACE_NAMES (ITK_VERSION_MAJOR > 5 || ITK_VERSION_MINOR >= 3)

// ITK 5.2 has no MakeVector() and MakePoint().
template <typename TValue, typename... TValues>
itk::Vector<TValue, 1 + sizeof...(TValues)>
MakeVector(TValue first, TValues... others)
{
  const TValue values[] = { first, others... };
  return itk::Vector<TValue, 1 + sizeof...(TValues)>(values);
}

template <typename TValue, typename... TValues>
itk::Point<TValue, 1 + sizeof...(TValues)>
MakePoint(TValue first, TValues... others)
{
  const TValue values[] = { first, others... };
  return itk::Point<TValue, 1 + sizeof...(TValues)>(values);
}

/** Tests of files in each of the three forms. */
class WasmTransformTest : public WasmFolderTest
{
protected:
  static void
  SetUpTestSuite()
  {
    static const bool registered = (itk::WasmTransformIOFactory::RegisterOneFactory(), true);
    (void)registered;
    itk::TransformFactoryBase::RegisterDefaultTransforms();
  }

  std::vector<std::string>
  Forms() const
  {
    return { this->Path("t.iwt"), this->Path("t.iwt.cbor"), this->Path("t.iwt.cbor.zst") };
  }

  template <typename TValue>
  using Base = itk::TransformBaseTemplate<TValue>;

  template <typename TValue>
  using List = std::list<typename Base<TValue>::Pointer>;

  /** As TransformFileWriter writes transforms, of this type unlike what it was given. */
  template <typename TValue>
  static void
  Write(const std::vector<const itk::Object *> & transforms, const std::string & path)
  {
    auto writer = itk::TransformFileWriterTemplate<TValue>::New();
    for (const itk::Object * transform : transforms)
    {
      writer->AddTransform(transform);
    }
    writer->SetFileName(path);
    writer->Update();
  }

  template <typename TValue>
  static List<TValue>
  Read(const std::string & path)
  {
    auto reader = itk::TransformFileReaderTemplate<TValue>::New();
    reader->SetFileName(path);
    reader->Update();
    return *reader->GetTransformList();
  }

  /** The only transform of a file. */
  template <typename TTransform>
  static typename TTransform::Pointer
  ReadOne(const std::string & path)
  {
    const auto list = Read<typename TTransform::ParametersValueType>(path);
    EXPECT_EQ(list.size(), 1u);
    typename TTransform::Pointer result = dynamic_cast<TTransform *>(list.front().GetPointer());
    EXPECT_TRUE(result.IsNotNull()) << list.front()->GetTransformTypeAsString();
    return result;
  }

  /** The list of the IO itself, which TransformFileReader puts into a composite. */
  template <typename TValue>
  static List<TValue>
  ReadFlat(const std::string & path)
  {
    auto io = itk::WasmTransformIOTemplate<TValue>::New();
    io->SetFileName(path);
    io->Read();
    return io->GetReadTransformList();
  }

  /** Writes the directory t.iwt of one transform. */
  std::string
  WriteDirectory(const std::string &         parameterization,
                 const std::string &         valueType,
                 unsigned int                dimension,
                 const std::vector<double> & fixed,
                 const std::vector<double> & parameters)
  {
    const std::string path = this->Path("t.iwt");
    WriteBytes(path + "/index.json",
               "[" + Entry(parameterization, valueType, dimension, fixed.size(), parameters.size(), 0) + "]");
    WriteValues(path, 0, valueType, fixed, parameters);
    return path;
  }

  static std::string
  Entry(const std::string & parameterization,
        const std::string & valueType,
        unsigned int        dimension,
        size_t              fixed,
        size_t              parameters,
        unsigned int        index)
  {
    const std::string path = "\"data:application/vnd.itk.path,data/" + std::to_string(index) + "/";
    return "{\"transformType\":{\"transformParameterization\":\"" + parameterization + "\",\"parametersValueType\":\"" +
           valueType + "\",\"inputDimension\":" + std::to_string(dimension) +
           ",\"outputDimension\":" + std::to_string(dimension) +
           "},\"numberOfFixedParameters\":" + std::to_string(fixed) +
           ",\"numberOfParameters\":" + std::to_string(parameters) + ",\"fixedParameters\":" + path +
           "fixed-parameters.raw\",\"parameters\":" + path + "parameters.raw\"}";
  }

  static void
  WriteValues(const std::string &         path,
              unsigned int                index,
              const std::string &         valueType,
              const std::vector<double> & fixed,
              const std::vector<double> & parameters)
  {
    const std::string  folder = path + "/data/" + std::to_string(index);
    std::vector<float> floats(parameters.begin(), parameters.end());
    WriteBytes(folder + "/fixed-parameters.raw", Raw(fixed));
    WriteBytes(folder + "/parameters.raw", valueType == "float32" ? Raw(floats) : Raw(parameters));
  }

  /** Numbers as the bytes of a raw file, for machines whose bytes are in the order of the files. */
  template <typename T>
  static std::string
  Raw(const std::vector<T> & numbers)
  {
    return std::string(reinterpret_cast<const char *>(numbers.data()), numbers.size() * sizeof(T));
  }
};

/** Expects two transforms to have the same class and parameters. */
template <typename TTransform, typename TOther>
void
ExpectSameTransform(const TTransform & expected, const TOther & actual)
{
  ASSERT_EQ(expected.GetTransformTypeAsString(), actual.GetTransformTypeAsString());
  ASSERT_EQ(expected.GetFixedParameters().Size(), actual.GetFixedParameters().Size());
  for (unsigned int i = 0; i < expected.GetFixedParameters().Size(); ++i)
  {
    ASSERT_EQ(expected.GetFixedParameters()[i], actual.GetFixedParameters()[i]) << "fixed parameter " << i;
  }
  ASSERT_EQ(expected.GetParameters().Size(), actual.GetParameters().Size());
  for (unsigned int i = 0; i < expected.GetParameters().Size(); ++i)
  {
    ASSERT_EQ(expected.GetParameters()[i], actual.GetParameters()[i]) << "parameter " << i;
  }
}

#endif
