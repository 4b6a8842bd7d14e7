/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmTransformTestUtilities.h"

#include "itkAffineTransform.h"
#include "itkBSplineTransform.h"
#include "itkCompositeTransform.h"
#include "itkEuler2DTransform.h"
#include "itkTranslationTransform.h"

#include <limits>

using WasmTransformErrorTest = WasmTransformTest;

namespace
{
const double infinite = std::numeric_limits<double>::infinity();
const double notANumber = std::numeric_limits<double>::quiet_NaN();

/** Size, origin, spacing, direction of a plane grid. */
std::vector<double>
Grid(double width, double height, double spacing = 1)
{
  return { width, height, 0, 0, spacing, 1, 1, 0, 0, 1 };
}
} // namespace

TEST_F(WasmTransformErrorTest, NamesTheMissingFile)
{
  for (const std::string & path : this->Forms())
  {
    EXPECT_ITK_ERROR(Read<double>(path), "WasmTransformIO", path, "open");
  }
}

TEST_F(WasmTransformErrorTest, NamesTheClassThatItkDoesNotHave)
{
  // ITK registers affine transforms of up to nine dimensions, and no two-dimensional versor.
  std::string path = this->WriteDirectory("Affine", "float64", 12, std::vector<double>(12), std::vector<double>(156));
  EXPECT_ITK_ERROR(Read<double>(path), path, "transform 0", "AffineTransform_double_12_12", "registered");
  path = this->WriteDirectory("Versor", "float32", 2, {}, {});
  EXPECT_ITK_ERROR(Read<float>(path), path, "transform 0", "VersorTransform_float_2_2", "registered");
}

TEST_F(WasmTransformErrorTest, NamesTheEntry)
{
  const std::string path = this->Path("t.iwt");
  WriteBytes(path + "/index.json",
             "[" + Entry("Translation", "float64", 2, 0, 2, 0) + "," + Entry("Affine", "float64", 2, 2, 5, 1) + "]");
  WriteValues(path, 0, "float64", {}, { 1, 2 });
  WriteValues(path, 1, "float64", { 0, 0 }, { 1, 0, 0, 1, 3 });
  EXPECT_ITK_ERROR(
    Read<double>(path), path, "transform 1 (AffineTransform_double_2_2)", "the number of parameters is 5, expected 6");
}

TEST_F(WasmTransformErrorTest, RefusesCountsThatTheClassDoesNotTake)
{
  std::string path = this->WriteDirectory("Affine", "float64", 2, { 0 }, { 1, 0, 0, 1, 0, 0 });
  EXPECT_ITK_ERROR(Read<double>(path), path, "the number of fixed parameters is 1, expected 2");
  path = this->WriteDirectory("Euler3D", "float64", 3, { 0, 0 }, { 1, 0, 0, 1, 0, 0 });
  EXPECT_ITK_ERROR(Read<double>(path), path, "the number of fixed parameters is 2, expected 4");
  path = this->WriteDirectory("Euler3D", "float64", 3, {}, { 1, 0, 0, 1, 0, 0 });
  EXPECT_ITK_ERROR(Read<double>(path), path, "the number of fixed parameters is 0, expected 4");
  for (const char * name : { "Scale", "Similarity3D", "VersorRigid3D", "QuaternionRigid", "ScaleSkewVersor3D" })
  {
    path = this->WriteDirectory(name, "float64", 3, { 0, 0, 0 }, { 1 });
    EXPECT_ITK_ERROR(Read<double>(path), path, name, "the number of parameters is 1, expected");
    path = this->WriteDirectory(name, "float32", 3, { 0, 0, 0 }, {});
    EXPECT_ITK_ERROR(Read<double>(path), path, name, "the number of parameters is 0, expected");
  }
}

TEST_F(WasmTransformErrorTest, TakesMoreFixedParametersThanTheClassHas)
{
  std::string path = this->WriteDirectory("VersorRigid3D", "float64", 3, { 1, 2, 3, 0 }, { 0, 0, 0, 4, 5, 6 });
  EXPECT_EQ(Read<double>(path).front()->GetParameters()[5], 6);
  path = this->WriteDirectory("Translation", "float64", 3, { 5, 5, 5 }, { 1, 2, 3 });
  EXPECT_EQ((ReadOne<itk::TranslationTransform<double, 3>>(path)->GetOffset()), MakeVector(1.0, 2.0, 3.0));
}

TEST_F(WasmTransformErrorTest, PassesOnWhatItkRefuses)
{
  const std::string path = this->WriteDirectory("Rigid2D", "float64", 2, { 0, 0 }, { notANumber, 0, 0 });
  // A rotation by no number: some versions of ITK refuse it, none may crash.
  try
  {
    Read<double>(path);
  }
  catch (const itk::ExceptionObject & exception)
  {
    EXPECT_NE(std::string(exception.GetDescription()).find(path), std::string::npos) << exception;
  }
}

TEST_F(WasmTransformErrorTest, RefusesGridsThatDoNotFit)
{
  struct
  {
    std::vector<double> fixed;
    size_t              parameters;
    const char *        message;
  } const cases[] = {
    { Grid(0, 4), 0, "the size of the grid along axis 0 is 0" },
    { Grid(4, -4), 32, "the size of the grid along axis 1 is -4" },
    { Grid(4.5, 4), 36, "the size of the grid along axis 0 is 4.5" },
    { Grid(notANumber, 4), 32, "expected finite fixed parameters" },
    { Grid(4, infinite), 32, "expected finite fixed parameters" },
    { Grid(1e300, 4), 32, "the size of the grid along axis 0 is 1" },
    { Grid(4294967296.0, 4294967296.0), 32, "the number of parameters, 32, is not 2 for each point of the grid" },
    { Grid(9007199254740992.0, 1024), 32, "the number of parameters, 32, is not 2 for each point of the grid" },
    { Grid(4, 4), 31, "the number of parameters, 31, is not 2 for each point of the grid" },
    { Grid(4, 4), 34, "the number of parameters, 34, is not 2 for each point of the grid" },
    { Grid(4, 4), 0, "the number of parameters, 0, is not 2 for each point of the grid" },
    { Grid(4, 4, 0), 32, "the spacing of the grid along axis 0 is 0" },
    { Grid(4, 4, -1), 32, "the spacing of the grid along axis 0 is -1" },
    { Grid(4, 4, infinite), 32, "expected finite fixed parameters" },
    { { 4, 4, 0, 0, 1, 1, 0, 0, 0, 0 }, 32, "" }, // a direction that ITK refuses
    { { 4, 4, 0, 0, 1.5, 2.5, 0.6, -0.8, 0.8, -1e308 }, 32, "the direction has an extreme value" }, // hangs VNL
    { { 4, 4, 0, 0, 1, 1, 1e-200, 0, 0, 1 }, 32, "the direction has an extreme value" },
    { Grid(4, 4, 1e-100), 32, "the spacing has an extreme value" },
    { { 4, 4, 0, 0, 1, 1, 1, 0, 0 }, 32, "the number of fixed parameters is 9, expected 10" },
    { { 4, 4, 0, 0, 1, 1, 1, 0, 0, 1, 0 }, 32, "the number of fixed parameters is 11, expected 10" },
  };
  for (const char * name : { "BSpline",
                             "DisplacementField",
                             "GaussianSmoothingOnUpdateDisplacementField",
                             "BSplineSmoothingOnUpdateDisplacementField",
                             "ConstantVelocityField",
                             "GaussianExponentialDiffeomorphic" })
  {
    for (const auto & test : cases)
    {
      SCOPED_TRACE(test.message);
      const std::string path =
        this->WriteDirectory(name, "float64", 2, test.fixed, std::vector<double>(test.parameters));
      EXPECT_ITK_ERROR(Read<double>(path), path, std::string("transform 0 (") + name, test.message);
    }
  }
}

TEST_F(WasmTransformErrorTest, ChecksTheGridsOfVelocityFieldsInSpaceAndTime)
{
  const auto grid = [](double time) {
    return std::vector<double>{ 3, 2, time, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1 };
  };
  for (const char * name : { "TimeVaryingVelocityField", "GaussianSmoothingOnUpdateTimeVaryingVelocityField" })
  {
    std::string path = this->WriteDirectory(name, "float64", 2, grid(4), std::vector<double>(48, 0.5));
    EXPECT_EQ(Read<double>(path).front()->GetParameters().Size(), 48u);
    path = this->WriteDirectory(name, "float64", 2, grid(4), std::vector<double>(12));
    EXPECT_ITK_ERROR(Read<double>(path), path, "the number of parameters, 12, is not 2 for each point of the grid");
    path = this->WriteDirectory(name, "float64", 2, grid(0), std::vector<double>(12));
    EXPECT_ITK_ERROR(Read<double>(path), path, "along axis 2 is 0");
  }
}

TEST_F(WasmTransformErrorTest, ReadsSmallGrids)
{
  for (const double size : { 1.0, 2.0, 3.0 })
  {
    for (const char * name : { "BSpline", "DisplacementField" })
    {
      const std::string path = this->WriteDirectory(
        name, "float64", 2, Grid(size, size), std::vector<double>(static_cast<size_t>(2 * size * size), 0.5));
      const auto transform = Read<double>(path).front();
      EXPECT_EQ(transform->GetParameters().Size(), 2 * size * size);
      EXPECT_EQ(transform->GetParameters()[0], 0.5);
    }
  }
}

TEST_F(WasmTransformErrorTest, RefusesACompositeThatIsNotTheFirst)
{
  const std::string path = this->Path("t.iwt");
  WriteBytes(path + "/index.json",
             "[" + Entry("Translation", "float64", 2, 0, 2, 0) + "," + Entry("Composite", "float64", 2, 0, 0, 1) + "]");
  WriteValues(path, 0, "float64", {}, { 1, 2 });
  EXPECT_ITK_ERROR(
    Read<double>(path), path, "transform 1 (CompositeTransform_double_2_2)", "as the first transform of a file only");
}

TEST_F(WasmTransformErrorTest, RefusesACompositeOfOtherDimensions)
{
  const std::string path = this->Path("t.iwt");
  WriteBytes(path + "/index.json",
             "[" + Entry("Composite", "float64", 3, 0, 2, 0) + "," + Entry("Translation", "float64", 2, 0, 2, 1) + "]");
  WriteValues(path, 1, "float64", {}, { 1, 2 });
  EXPECT_ITK_ERROR(Read<double>(path), path, "transform 1 (TranslationTransform_double_2_2)", "dimensions");
}

TEST_F(WasmTransformErrorTest, RefusesToWriteACompositeInACompositeOrBesideAnother)
{
  using Composite = itk::CompositeTransform<double, 3>;
  auto inner = Composite::New();
  inner->AddTransform(itk::TranslationTransform<double, 3>::New());
  auto outer = Composite::New();
  outer->AddTransform(itk::TranslationTransform<double, 3>::New());
  outer->AddTransform(inner);
  for (const std::string & path : this->Forms())
  {
    EXPECT_ITK_ERROR(Write<double>({ outer.GetPointer() }, path),
                     path,
                     "transform 2 (CompositeTransform_double_3_3)",
                     "as the first transform of a file only");
    EXPECT_ITK_ERROR(
      Write<double>({ inner.GetPointer(), itk::TranslationTransform<double, 3>::New().GetPointer() }, path),
      path,
      "only be written alone");
  }
  EXPECT_TRUE(this->Contents().empty());
}

TEST_F(WasmTransformErrorTest, RefusesToWriteNothing)
{
  auto io = itk::WasmTransformIO::New();
  io->SetFileName(this->Path("t.iwt.cbor"));
  EXPECT_ITK_ERROR(io->Write(), this->Path("t.iwt.cbor"), "no transform");
}

TEST_F(WasmTransformErrorTest, RefusesToAppend)
{
  const auto transform = itk::Euler2DTransform<double>::New();
  auto       writer = itk::TransformFileWriterTemplate<double>::New();
  writer->SetInput(transform);
  writer->SetFileName(this->Path("t.iwt"));
  writer->SetAppendMode(true);
  EXPECT_ITK_ERROR(writer->Update(), this->Path("t.iwt"), "appended");
}

TEST_F(WasmTransformErrorTest, RefusesBSplinesThatAreNotCubic)
{
  const auto transform = itk::BSplineTransform<double, 2, 2>::New();
  for (const std::string & path : this->Forms())
  {
    EXPECT_ITK_ERROR(Write<double>({ transform.GetPointer() }, path),
                     path,
                     "transform 0 (BSplineTransform_double_2_2_2)",
                     "no name for this class");
  }
}

TEST_F(WasmTransformErrorTest, LeavesTheOldFileWhenAWriteFails)
{
  const auto good = itk::Euler2DTransform<double>::New();
  const auto bad = itk::BSplineTransform<double, 2, 2>::New();
  for (const std::string & path : this->Forms())
  {
    Write<double>({ good.GetPointer() }, path);
    const auto before = this->Contents();
    EXPECT_ITK_ERROR(Write<double>({ good.GetPointer(), bad.GetPointer() }, path), path);
    EXPECT_EQ(this->Contents(), before);
    EXPECT_ITK_ERROR(Write<double>({ good.GetPointer() }, this->Path("no/") + "t.iwt.cbor"), "no/t.iwt.cbor");
    EXPECT_EQ(this->Contents(), before);
  }
}

TEST_F(WasmTransformErrorTest, LeavesTheListWhenAReadFails)
{
  Write<double>({ itk::Euler2DTransform<double>::New().GetPointer() }, this->Path("t.iwt.cbor"));
  auto io = itk::WasmTransformIO::New();
  io->SetFileName(this->Path("t.iwt.cbor"));
  io->Read();
  WriteBytes(this->Path("t.iwt.cbor"), "\x80"); // an empty list
  EXPECT_ITK_ERROR(io->Read(), this->Path("t.iwt.cbor"));
  EXPECT_EQ(io->GetReadTransformList().size(), 1u);
}

TEST_F(WasmTransformErrorTest, RefusesEveryCutFile)
{
  const std::string path = this->Path("t.iwt.cbor");
  auto              composite = itk::CompositeTransform<double, 2>::New();
  composite->AddTransform(itk::Euler2DTransform<double>::New());
  Write<double>({ composite.GetPointer() }, path);
  const std::string bytes = ReadBytes(path);
  for (size_t size = 0; size < bytes.size(); ++size)
  {
    WriteBytes(path, bytes.substr(0, size));
    EXPECT_ITK_ERROR(Read<double>(path), path);
  }
}
