/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmTransformTestUtilities.h"

// Transforms of ITK's own tests, from the folder that the environment variable IWF_ITK_DATA names, and what ITK's other
// transform classes make of transforms. Needs these classes, which a minimal build of ITK does not have.
#ifdef IWF_ITK_HAS_OTHER_IO

#  include "itkAffineTransform.h"
#  include "itkCompositeTransform.h"
#  include "itkEuler3DTransform.h"
#  include "itkHDF5TransformIOFactory.h"
#  include "itkTxtTransformIOFactory.h"

#  include <cstdlib>

class WasmTransformOtherIOTest : public WasmTransformTest
{
protected:
  static void
  SetUpTestSuite()
  {
    WasmTransformTest::SetUpTestSuite();
    static const bool registered =
      (itk::HDF5TransformIOFactory::RegisterOneFactory(), itk::TxtTransformIOFactory::RegisterOneFactory(), true);
    (void)registered;
  }

  template <typename TValue>
  void
  ExpectTheSameFromAllForms(const std::string & original)
  {
    const auto                       expected = Read<TValue>(original);
    std::vector<const itk::Object *> transforms;
    for (const auto & transform : expected)
    {
      transforms.push_back(transform);
    }
    for (const std::string & path : this->Forms())
    {
      SCOPED_TRACE(path);
      Write<TValue>(transforms, path);
      const auto actual = Read<TValue>(path);
      ASSERT_EQ(actual.size(), expected.size());
      auto other = actual.begin();
      for (const auto & transform : expected)
      {
        ExpectSameTransform(*transform, **other++);
      }
    }
  }
};

class WasmTransformRealFileTest : public WasmTransformOtherIOTest, public testing::WithParamInterface<const char *>
{
protected:
  void
  SetUp() override
  {
    const char * folder = std::getenv("IWF_ITK_DATA");
    m_Original = std::string(folder == nullptr ? "" : folder) + "/" + this->GetParam();
    if (!itksys::SystemTools::FileExists(m_Original))
    {
      GTEST_SKIP() << m_Original << " is not there";
    }
    WasmTransformTest::SetUp();
  }

  std::string m_Original;
};

TEST_P(WasmTransformRealFileTest, IsTheSameInOurForms)
{
  this->ExpectTheSameFromAllForms<double>(m_Original);
  this->ExpectTheSameFromAllForms<float>(m_Original);
}

INSTANTIATE_TEST_SUITE_P(All,
                         WasmTransformRealFileTest,
                         testing::Values("LinearTransform.h5",
                                         "historical_misspelled_TranformParameters.h5",
                                         "euler3DOldFormat.tfm",
                                         "itkBSplineTransform00.txt"),
                         [](const testing::TestParamInfo<const char *> & info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

TEST_F(WasmTransformOtherIOTest, KeepsACompositeAsHdf5AndTextDo)
{
  auto composite = itk::CompositeTransform<double, 3>::New();
  auto affine = itk::AffineTransform<double, 3>::New();
  affine->Rotate(0, 1, 0.123);
  composite->AddTransform(affine);
  auto euler = itk::Euler3DTransform<double>::New();
  euler->SetRotation(0.1, 0.2, 0.3);
  composite->AddTransform(euler);
  for (const char * name : { "c.h5", "c.tfm" })
  {
    Write<double>({ composite.GetPointer() }, this->Path(name));
    this->ExpectTheSameFromAllForms<double>(this->Path(name));
  }
}

TEST_F(WasmTransformOtherIOTest, PrintsNothingWhenItkLooksForAReaderOfADirectory)
{
  Write<double>({ itk::Euler3DTransform<double>::New().GetPointer() }, this->Path("t.iwt"));
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Read<double>(this->Path("t.iwt"));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

#endif
