# pyproject.toml is the one place of the version; this sets IWF_VERSION from it.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/../pyproject.toml")
file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/../pyproject.toml" IWF_VERSION REGEX "^version *=" LIMIT_COUNT 1)
if(NOT IWF_VERSION MATCHES "\"([0-9]+\\.[0-9]+\\.[0-9]+)\"")
  message(FATAL_ERROR "pyproject.toml has no line version = \"X.Y.Z\"")
endif()
set(IWF_VERSION "${CMAKE_MATCH_1}")
