#pragma once
// Where the commands get their settings from.

#include <string>

#include "config/config.h"

namespace tocsin::app {

// Of the file .env in the working directory; empty when there is none.
Result<config::Values> read_dotenv();

}  // namespace tocsin::app
