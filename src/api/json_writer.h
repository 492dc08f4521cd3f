#pragma once
// JsonWriter, under the name by which routes include it.

#include "base/json_writer.h"
