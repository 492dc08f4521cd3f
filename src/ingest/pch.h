// What almost every file of this module includes, precompiled: simdjson alone is half of what each one costs.
#pragma once
#include <simdjson.h>

#include "base/pch.h"
