/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "schema.h"

#include "failure.h"
#include "iwf/transform.h"
#include "names.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#define PLACE(member) .place = offsetof(iwf_transform_info, member)

enum
{
  PARAMETERIZATION,
  PARAMETERS_VALUE_TYPE,
  INPUT_DIMENSION,
  OUTPUT_DIMENSION
};

static const iwf_field transform_type_fields[] = {
  [PARAMETERIZATION] = { .key = "transformParameterization", .type = IWF_FIELD_TEXT, PLACE(parameterization) },
  [PARAMETERS_VALUE_TYPE] = { .key = "parametersValueType",
                              .type = IWF_FIELD_COMPONENT_TYPE,
                              PLACE(parameters_value_type) },
  [INPUT_DIMENSION] = { .key = "inputDimension", .type = IWF_FIELD_UINT32, PLACE(input_dimension) },
  [OUTPUT_DIMENSION] = { .key = "outputDimension", .type = IWF_FIELD_UINT32, PLACE(output_dimension) },
};

static const unsigned char transform_type_order[] = { PARAMETERIZATION,
                                                      PARAMETERS_VALUE_TYPE,
                                                      INPUT_DIMENSION,
                                                      OUTPUT_DIMENSION,
                                                      IWF_ORDER_END };

static const iwf_record transform_type = { .fields = transform_type_fields,
                                           .count = sizeof(transform_type_fields) / sizeof(iwf_field),
                                           .cbor_order = transform_type_order,
                                           .json_order = transform_type_order };

enum
{
  TRANSFORM_TYPE,
  NUMBER_OF_FIXED_PARAMETERS,
  NUMBER_OF_PARAMETERS,
  NAME,
  INPUT_SPACE_NAME,
  OUTPUT_SPACE_NAME,
  FIXED_PARAMETERS,
  PARAMETERS,
  METADATA
};

static const iwf_field transform_fields[] = {
  [TRANSFORM_TYPE] = { .key = "transformType",
                       .type = IWF_FIELD_RECORD,
                       .record = &transform_type,
                       .flags = IWF_FIELD_REQUIRED },
  [NUMBER_OF_FIXED_PARAMETERS] = { .key = "numberOfFixedParameters",
                                   .type = IWF_FIELD_UINT64,
                                   PLACE(number_of_fixed_parameters) },
  [NUMBER_OF_PARAMETERS] = { .key = "numberOfParameters", .type = IWF_FIELD_UINT64, PLACE(number_of_parameters) },
  [NAME] = { .key = "name", .type = IWF_FIELD_TEXT, PLACE(name) },
  [INPUT_SPACE_NAME] = { .key = "inputSpaceName", .type = IWF_FIELD_TEXT, PLACE(input_space_name) },
  [OUTPUT_SPACE_NAME] = { .key = "outputSpaceName", .type = IWF_FIELD_TEXT, PLACE(output_space_name) },
  [FIXED_PARAMETERS] = { .key = "fixedParameters",
                         .type = IWF_FIELD_PAYLOAD,
                         .place = IWF_TRANSFORM_FIXED_PARAMETERS,
                         .flags = IWF_FIELD_REQUIRED,
                         .raw_name = "fixed-parameters.raw" },
  [PARAMETERS] = { .key = "parameters",
                   .type = IWF_FIELD_PAYLOAD,
                   .place = IWF_TRANSFORM_PARAMETERS,
                   .flags = IWF_FIELD_REQUIRED,
                   .raw_name = "parameters.raw" },
  [METADATA] = { .key = "metadata",
                 .type = IWF_FIELD_METADATA,
                 PLACE(metadata),
                 .flags = IWF_FIELD_OMIT_EMPTY_IN_CBOR },
};

static const unsigned char order[] = {
  TRANSFORM_TYPE,    NUMBER_OF_FIXED_PARAMETERS, NUMBER_OF_PARAMETERS, NAME,     INPUT_SPACE_NAME,
  OUTPUT_SPACE_NAME, FIXED_PARAMETERS,           PARAMETERS,           METADATA, IWF_ORDER_END
};

static bool
equal(iwf_text text, const char * name)
{
  return text.length == strlen(name) && memcmp(text.data, name, text.length) == 0;
}

void
iwf_transform_info_init(iwf_transform_info * info)
{
  memset(info, 0, sizeof(*info));
  info->parameterization = (iwf_text){ "Identity", 8 };
  info->parameters_value_type = IWF_FLOAT64;
  info->input_dimension = 3;
  info->output_dimension = 3;
  info->name = (iwf_text){ "Transform", 9 };
  info->input_space_name = (iwf_text){ "", 0 };
  info->output_space_name = (iwf_text){ "", 0 };
}

int
iwf_transform_is_composite(const iwf_transform_info * info)
{
  return equal(info->parameterization, "Composite");
}

static void
init(void * info)
{
  iwf_transform_info_init(info);
}

static iwf_status
check_dimension(const char * key, uint32_t dimension, iwf_error * error)
{
  if (dimension < 1 || dimension > IWF_MAX_DIMENSION)
  {
    return iwf_fail(error,
                    dimension < 1 ? IWF_ERROR_VALUE : IWF_ERROR_LIMIT,
                    IWF_NO_OFFSET,
                    key,
                    "expected 1 to %d, found %" PRIu32,
                    IWF_MAX_DIMENSION,
                    dimension);
  }
  return IWF_OK;
}

/*
 * The formats list 28 of ITK's classes. ITK registers more, and users may register theirs: whoever creates transforms
 * knows which names there are, so that here only the form of a name is checked.
 */
static iwf_status
check_parameterization(iwf_text name, iwf_error * error)
{
  bool valid = name.length > 0;
  for (size_t i = 0; i < name.length; ++i)
  {
    const char c = name.data[i];
    valid = valid && ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
  }
  if (!valid)
  {
    char quoted[IWF_DESCRIPTION];
    return iwf_fail(error,
                    IWF_ERROR_VALUE,
                    IWF_NO_OFFSET,
                    "transformType.transformParameterization",
                    "expected the name of an ITK transform class without \"Transform\", found %s",
                    iwf_quote(name.data, name.length, quoted));
  }
  return IWF_OK;
}

static iwf_status
describe(const void * transform_info, iwf_payload * payloads, iwf_error * error)
{
  const iwf_transform_info * info = transform_info;
  IWF_TRY(check_parameterization(info->parameterization, error));
  IWF_TRY(check_dimension("transformType.inputDimension", info->input_dimension, error));
  IWF_TRY(check_dimension("transformType.outputDimension", info->output_dimension, error));
  if (!iwf_component_is_float(info->parameters_value_type))
  {
    return iwf_fail(error,
                    IWF_ERROR_VALUE,
                    IWF_NO_OFFSET,
                    "transformType.parametersValueType",
                    "expected float32 or float64, found %s",
                    iwf_component_name(info->parameters_value_type));
  }
  const bool    composite = iwf_transform_is_composite(info) != 0;
  iwf_payload * fixed = &payloads[IWF_TRANSFORM_FIXED_PARAMETERS];
  iwf_payload * parameters = &payloads[IWF_TRANSFORM_PARAMETERS];
  IWF_TRY(iwf_payload_expect(
    fixed, "numberOfFixedParameters", IWF_FLOAT64, composite ? 0 : info->number_of_fixed_parameters, 1, error));
  IWF_TRY(iwf_payload_expect(parameters,
                             "numberOfParameters",
                             info->parameters_value_type,
                             composite ? 0 : info->number_of_parameters,
                             1,
                             error));
  fixed->fixed_type = true;
  /* Empty arrays are there, as empty byte strings and files; those of a Composite are not. */
  fixed->has_array = !composite;
  parameters->has_array = !composite;
  return IWF_OK;
}

const iwf_schema iwf_transform_schema = {
  .family = IWF_FAMILY_TRANSFORM,
  .name = "transform",
  .root = { .fields = transform_fields,
            .count = sizeof(transform_fields) / sizeof(iwf_field),
            .cbor_order = order,
            .json_order = order },
  .info_size = sizeof(iwf_transform_info),
  .dimension = offsetof(iwf_transform_info, input_dimension),
  .payload_count = 2,
  .init = init,
  .describe = describe,
};
