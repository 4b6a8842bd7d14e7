/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmTransformTestUtilities.h"

#include "itkAffineTransform.h"
#include "itkBSplineTransform.h"
#include "itkCompositeTransform.h"
#include "itkDisplacementFieldTransform.h"
#include "itkEuler2DTransform.h"
#include "itkEuler3DTransform.h"
#include "itkIdentityTransform.h"
#include "itkMetaDataObject.h"
#include "itkThinPlateSplineKernelTransform.h"
#include "itkTransformFactory.h"
#include "itkTranslationTransform.h"
#include "itkVersorRigid3DTransform.h"

template <typename TValue>
class WasmTransformValueTest : public WasmTransformTest
{
protected:
  using TransformType = itk::TransformBaseTemplate<TValue>;

  static typename TransformType::Pointer
  Create(const std::string & name)
  {
    itk::LightObject::Pointer object = itk::ObjectFactoryBase::CreateInstance(name.c_str());
    auto *                    transform = dynamic_cast<TransformType *>(object.GetPointer());
    EXPECT_NE(transform, nullptr) << name;
    typename TransformType::Pointer result = transform;
    result->UnRegister(); // CreateInstance() holds one reference too many
    return result;
  }

  /** Gives a field a grid of 4 x 3 x ... points, turned in its first plane. */
  static void
  GiveGrid(TransformType & transform)
  {
    const unsigned int size = transform.GetFixedParameters().Size();
    unsigned int       dimension = 1;
    while (dimension * (dimension + 3) < size)
    {
      ++dimension;
    }
    ASSERT_EQ(dimension * (dimension + 3), size);
    typename TransformType::FixedParametersType fixed(size);
    fixed.Fill(0);
    for (unsigned int axis = 0; axis < dimension; ++axis)
    {
      fixed[axis] = 4 + (axis + 1) % 2;
      fixed[dimension + axis] = -10.25 + axis;
      fixed[2 * dimension + axis] = 0.1 + axis;
      fixed[3 * dimension + axis * dimension + axis] = 1;
    }
    double * direction = fixed.data_block() + 3 * dimension;
    direction[0] = direction[dimension + 1] = 0.6;
    direction[1] = -0.8;
    direction[dimension] = 0.8;
    transform.SetFixedParameters(fixed);
  }

  /** Changes the parameters to some that the class accepts. */
  static void
  Vary(TransformType & transform)
  {
    const typename TransformType::ParametersType before = transform.GetParameters();
    typename TransformType::ParametersType       varied = before;
    for (unsigned int i = 0; i < varied.Size(); ++i)
    {
      varied[i] += static_cast<TValue>(0.01 * (1 + i % 37) + 1e-7 * i);
    }
    try
    {
      transform.SetParametersByValue(varied);
    }
    catch (const itk::ExceptionObject &) // not a rotation
    {
      transform.SetParametersByValue(before);
    }
  }
};

using ValueTypes = testing::Types<float, double>;
TYPED_TEST_SUITE(WasmTransformValueTest, ValueTypes);

TYPED_TEST(WasmTransformValueTest, KeepsEveryClassThatTheFactoryKnows)
{
  const std::string type = std::is_same<TypeParam, float>::value ? "_float_" : "_double_";
  unsigned int      count = 0;
  for (const std::string & name : itk::TransformFactoryBase::GetFactory()->GetClassOverrideWithNames())
  {
    if (name.find(type) == std::string::npos || name.find("CompositeTransform") == 0 ||
        name.find("FixedCenterOfRotationAffineTransform") == 0) // which leaves three parameters uninitialised
    {
      continue;
    }
    SCOPED_TRACE(name);
    ++count;
    const auto transform = this->Create(name);
    if (name.find("FieldTransform") != std::string::npos || name.find("BSpline") == 0 ||
        name.find("DiffeomorphicTransform") != std::string::npos)
    {
      this->GiveGrid(*transform);
      ASSERT_GT(transform->GetParameters().Size(), 0u);
    }
    this->Vary(*transform);
    ASSERT_EQ(transform->GetTransformTypeAsString(), name);

    // What ITK makes of these parameters itself; some classes normalise them.
    const auto expected = this->Create(name);
    expected->SetFixedParameters(transform->GetFixedParameters());
    expected->SetParametersByValue(transform->GetParameters());

    for (const std::string & path : this->Forms())
    {
      SCOPED_TRACE(path);
      this->template Write<TypeParam>({ transform }, path);
      const auto list = this->template Read<TypeParam>(path);
      ASSERT_EQ(list.size(), 1u);
      ExpectSameTransform(*expected, *list.front());
    }
  }
  EXPECT_GE(count, 50u);
}

TYPED_TEST(WasmTransformValueTest, KeepsACompositeWithItsTransformsInOrder)
{
  using Composite = itk::CompositeTransform<TypeParam, 3>;
  auto composite = Composite::New();
  auto affine = itk::AffineTransform<TypeParam, 3>::New();
  affine->Rotate3D(MakeVector(TypeParam(1), TypeParam(2), TypeParam(3)), 0.3);
  affine->SetCenter(MakePoint(TypeParam(4), TypeParam(5), TypeParam(6)));
  auto translation = itk::TranslationTransform<TypeParam, 3>::New();
  translation->SetOffset(MakeVector(TypeParam(7), TypeParam(8), TypeParam(9)));
  auto euler = itk::Euler3DTransform<TypeParam>::New();
  euler->SetRotation(TypeParam(0.1), TypeParam(0.2), TypeParam(0.3));
  composite->AddTransform(affine);
  composite->AddTransform(translation);
  composite->AddTransform(euler);
  composite->SetObjectName("from atlas");
  affine->SetObjectName("first");

  const auto point = MakePoint(TypeParam(1.5), TypeParam(-2.5), TypeParam(30));
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    this->template Write<TypeParam>({ composite.GetPointer() }, path);
    const auto read = this->template ReadOne<Composite>(path);
    ASSERT_EQ(read->GetNumberOfTransforms(), 3u);
    for (unsigned int i = 0; i < 3; ++i)
    {
      ExpectSameTransform(*composite->GetNthTransform(i), *read->GetNthTransform(i));
    }
    EXPECT_EQ(read->TransformPoint(point), composite->TransformPoint(point));
    EXPECT_EQ(read->GetObjectName(), "from atlas");
    EXPECT_EQ(read->GetNthTransform(0)->GetObjectName(), "first");
    EXPECT_EQ(this->template ReadFlat<TypeParam>(path).size(), 4u);
  }
}

TYPED_TEST(WasmTransformValueTest, KeepsADisplacementField)
{
  using Transform = itk::DisplacementFieldTransform<TypeParam, 2>;
  using Field = typename Transform::DisplacementFieldType;
  auto                        field = Field::New();
  typename Field::SizeType    size = { { 5, 4 } };
  typename Field::SpacingType spacing;
  spacing[0] = 0.5;
  spacing[1] = 2;
  field->SetRegions(size);
  field->SetSpacing(spacing);
  field->Allocate();
  for (unsigned int y = 0; y < 4; ++y)
  {
    for (unsigned int x = 0; x < 5; ++x)
    {
      field->SetPixel({ { x, y } }, MakeVector(TypeParam(0.1 * x), TypeParam(-0.3 * y)));
    }
  }
  auto transform = Transform::New();
  transform->SetDisplacementField(field);
  const auto point = MakePoint(TypeParam(1.1), TypeParam(3.3));
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    this->template Write<TypeParam>({ transform.GetPointer() }, path);
    const auto read = this->template ReadOne<Transform>(path);
    ExpectSameTransform(*transform, *read);
    EXPECT_EQ(read->TransformPoint(point), transform->TransformPoint(point));
    EXPECT_EQ(read->GetDisplacementField()->GetPixel({ { 4, 3 } }), field->GetPixel({ { 4, 3 } }));
  }
}

TYPED_TEST(WasmTransformValueTest, KeepsAFieldTransformWithoutAField)
{
  using Transform = itk::DisplacementFieldTransform<TypeParam, 3>;
  const auto transform = Transform::New();
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    this->template Write<TypeParam>({ transform.GetPointer() }, path);
    const auto read = this->template ReadOne<Transform>(path);
    ExpectSameTransform(*transform, *read);
    EXPECT_EQ(read->GetDisplacementField(), nullptr);
  }
}

TYPED_TEST(WasmTransformValueTest, KeepsABSpline)
{
  using Transform = itk::BSplineTransform<TypeParam, 3, 3>;
  auto                                       transform = Transform::New();
  typename Transform::PhysicalDimensionsType physical;
  physical.Fill(40);
  typename Transform::MeshSizeType mesh = { { 2, 3, 1 } };
  transform->SetTransformDomainPhysicalDimensions(physical);
  transform->SetTransformDomainMeshSize(mesh);
  this->Vary(*transform);
  const auto point = MakePoint(TypeParam(11), TypeParam(22), TypeParam(33));
  ASSERT_NE(transform->TransformPoint(point), point);
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    this->template Write<TypeParam>({ transform.GetPointer() }, path);
    const auto read = this->template ReadOne<Transform>(path);
    ExpectSameTransform(*transform, *read);
    EXPECT_EQ(read->TransformPoint(point), transform->TransformPoint(point));
  }
}

TYPED_TEST(WasmTransformValueTest, KeepsAKernelTransform)
{
  using Transform = itk::ThinPlateSplineKernelTransform<TypeParam, 3>;
  itk::TransformFactory<Transform>::RegisterTransform();
  auto transform = Transform::New();
  auto source = Transform::PointSetType::New();
  auto target = Transform::PointSetType::New();
  for (unsigned int i = 0; i < 8; ++i)
  {
    source->SetPoint(i, MakePoint(TypeParam(i % 2), TypeParam(i / 2 % 2), TypeParam(i / 4)));
    target->SetPoint(i, MakePoint(TypeParam(i % 2 + 0.1), TypeParam(i / 2 % 2), TypeParam(i / 4 * 1.5)));
  }
  transform->SetSourceLandmarks(source);
  transform->SetTargetLandmarks(target);
  transform->ComputeWMatrix();
  const auto point = MakePoint(TypeParam(0.3), TypeParam(0.4), TypeParam(0.5));
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    this->template Write<TypeParam>({ transform.GetPointer() }, path);
    const auto read = this->template ReadOne<Transform>(path);
    ExpectSameTransform(*transform, *read);
    EXPECT_EQ(read->TransformPoint(point), transform->TransformPoint(point));
  }
}

TEST_F(WasmTransformTest, StoresFloatAsFloat)
{
  auto translation = itk::TranslationTransform<float, 2>::New();
  translation->SetOffset(MakeVector(0.1f, -3.5f));
  Write<float>({ translation.GetPointer() }, this->Path("t.iwt"));
  EXPECT_EQ(ReadBytes(this->Path("t.iwt/data/0/parameters.raw")), Raw<float>({ 0.1f, -3.5f }));
  EXPECT_NE(ReadBytes(this->Path("t.iwt/index.json")).find("float32"), std::string::npos);
}

TEST_F(WasmTransformTest, ConvertsBetweenFloatAndDoubleByValue)
{
  // More than one of the pieces in which values are converted.
  using FloatField = itk::DisplacementFieldTransform<float, 2>;
  auto                                                    field = FloatField::DisplacementFieldType::New();
  FloatField::DisplacementFieldType::RegionType::SizeType size = { { 300, 200 } };
  field->SetRegions(size);
  field->Allocate();
  for (unsigned int i = 0; i < 300 * 200; ++i)
  {
    field->GetBufferPointer()[i] = MakeVector(0.1f * i, -7.25f * i);
  }
  auto transform = FloatField::New();
  transform->SetDisplacementField(field);
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    Write<float>({ transform.GetPointer() }, path);
    const auto read = ReadOne<itk::DisplacementFieldTransform<double, 2>>(path);
    ASSERT_EQ(read->GetParameters().Size(), transform->GetParameters().Size());
    for (unsigned int i = 0; i < transform->GetParameters().Size(); ++i)
    {
      ASSERT_EQ(read->GetParameters()[i], static_cast<double>(transform->GetParameters()[i])) << i;
    }

    auto translation = itk::TranslationTransform<double, 2>::New();
    translation->SetOffset(MakeVector(0.1, 1e-3));
    Write<double>({ translation.GetPointer() }, path);
    const auto offset = ReadOne<itk::TranslationTransform<float, 2>>(path)->GetOffset();
    EXPECT_EQ(offset, MakeVector(0.1f, 1e-3f));
  }
}

TEST_F(WasmTransformTest, KeepsTheOrderOfRotations)
{
  for (const bool zyx : { false, true })
  {
    auto euler = itk::Euler3DTransform<double>::New();
    euler->SetComputeZYX(zyx);
    euler->SetCenter(MakePoint(1.0, 2.0, 3.0));
    euler->SetRotation(0.5, 0.6, 0.7);
    for (const std::string & path : this->Forms())
    {
      Write<double>({ euler.GetPointer() }, path);
      const auto read = ReadOne<itk::Euler3DTransform<double>>(path);
      EXPECT_EQ(read->GetComputeZYX(), zyx);
      EXPECT_EQ(read->GetMatrix(), euler->GetMatrix());
      EXPECT_EQ(read->GetCenter(), euler->GetCenter());
    }
  }
}

TEST_F(WasmTransformTest, ReadsEulerTransformsWithoutTheOrderOfRotations)
{
  const std::string path = this->WriteDirectory("Euler3D", "float64", 3, { 1, 2, 3 }, { 0.1, 0.2, 0.3, 4, 5, 6 });
  const auto        read = ReadOne<itk::Euler3DTransform<double>>(path);
  EXPECT_EQ(read->GetCenter(), MakePoint(1.0, 2.0, 3.0));
  EXPECT_EQ(read->GetAngleY(), 0.2);
  EXPECT_FALSE(read->GetComputeZYX());
}

TEST_F(WasmTransformTest, KeepsNamesAndMetadata)
{
  auto transform = itk::TranslationTransform<double, 3>::New();
  transform->SetObjectName("to standard space");
#if IWF_ITK_HAS_SPACE_NAMES
  transform->SetInputSpaceName("patient 7");
  transform->SetOutputSpaceName("MNI 152");
#endif
  itk::EncapsulateMetaData<std::string>(transform->GetMetaDataDictionary(), "method", "landmarks");
  itk::EncapsulateMetaData<double>(transform->GetMetaDataDictionary(), "residual", 0.25);
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    Write<double>({ transform.GetPointer() }, path);
    const auto read = ReadOne<itk::TranslationTransform<double, 3>>(path);
    EXPECT_EQ(read->GetObjectName(), "to standard space");
#if IWF_ITK_HAS_SPACE_NAMES
    EXPECT_EQ(read->GetInputSpaceName(), "patient 7");
    EXPECT_EQ(read->GetOutputSpaceName(), "MNI 152");
#endif
    std::string method;
    double      residual = 0;
    EXPECT_TRUE(itk::ExposeMetaData(read->GetMetaDataDictionary(), "method", method));
    EXPECT_TRUE(itk::ExposeMetaData(read->GetMetaDataDictionary(), "residual", residual));
    EXPECT_EQ(method, "landmarks");
    EXPECT_EQ(residual, 0.25);
  }
}

TEST_F(WasmTransformTest, GivesNoNameToATransformWithoutOne)
{
  const auto transform = itk::TranslationTransform<double, 3>::New();
  for (const std::string & path : this->Forms())
  {
    Write<double>({ transform.GetPointer() }, path);
    EXPECT_EQ((ReadOne<itk::TranslationTransform<double, 3>>(path)->GetObjectName()), "");
  }
}

TEST_F(WasmTransformTest, KeepsAList)
{
  const auto identity = itk::IdentityTransform<double, 2>::New();
  const auto euler = itk::Euler2DTransform<double>::New();
  euler->SetAngle(0.25);
  const auto affine = itk::AffineTransform<double, 4>::New();
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    Write<double>({ identity.GetPointer(), euler.GetPointer(), affine.GetPointer() }, path);
    const auto list = Read<double>(path);
    ASSERT_EQ(list.size(), 3u);
    auto entry = list.begin();
    ExpectSameTransform(*identity, **entry++);
    ExpectSameTransform(*euler, **entry++);
    ExpectSameTransform(*affine, **entry++);
  }
}

TEST_F(WasmTransformTest, ReplacesTheListOfAnEarlierRead)
{
  Write<double>({ itk::Euler2DTransform<double>::New().GetPointer() }, this->Path("t.iwt"));
  auto io = itk::WasmTransformIO::New();
  io->SetFileName(this->Path("t.iwt"));
  io->Read();
  io->Read();
  EXPECT_EQ(io->GetReadTransformList().size(), 1u);
}

TEST_F(WasmTransformTest, WritesTheSameBytesForTheSameTransforms)
{
  auto transform = itk::VersorRigid3DTransform<double>::New();
  transform->SetTranslation(MakeVector(1.0, 2.0, 3.0));
  for (const std::string & path : this->Forms())
  {
    Write<double>({ transform.GetPointer() }, path);
  }
  const auto first = this->Contents();
  for (const std::string & path : this->Forms())
  {
    Write<double>({ transform.GetPointer() }, path);
  }
  EXPECT_EQ(this->Contents(), first);
}

TEST_F(WasmTransformTest, DecidesByTheSuffix)
{
  auto io = itk::WasmTransformIO::New();
  for (const char * name : { "a.iwt", "a.iwt.cbor", "a.iwt.cbor.zst", "a.iwt/" })
  {
    EXPECT_TRUE(io->CanWriteFile(name)) << name;
    EXPECT_TRUE(io->CanReadFile(name)) << name;
  }
  for (const char * name : { "a.iwm", "a.iwi.cbor", "a.iwt.bak", "a.tfm", "" })
  {
    EXPECT_FALSE(io->CanWriteFile(name)) << name;
    EXPECT_FALSE(io->CanReadFile(name)) << name;
  }
  EXPECT_FALSE(io->CanReadFile(nullptr));
  EXPECT_FALSE(io->CanWriteFile(nullptr));
  Write<double>({ itk::Euler2DTransform<double>::New().GetPointer() }, this->Path("t.iwt"));
  EXPECT_EQ(Read<double>(this->Path("t.iwt/")).size(), 1u);
}

TEST_F(WasmTransformTest, PrintsNothingButWhatIsAskedFor)
{
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  for (const std::string & path : this->Forms())
  {
    Write<double>({ itk::Euler2DTransform<double>::New().GetPointer() }, path);
    Read<double>(path);
    Read<float>(path);
  }
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");

  std::ostringstream text;
  itk::WasmTransformIO::New()->Print(text);
  EXPECT_NE(text.str().find("WasmTransformIOTemplate"), std::string::npos) << text.str();
  itk::WasmTransformIOFactory::New()->Print(text);
  EXPECT_NE(text.str().find("WasmTransformIOFactory"), std::string::npos);
}
