#pragma once
// The database that the settings name, for the server and for commands.

#include <memory>

#include "base/clock.h"
#include "config/config.h"
#include "store/store.h"

namespace tocsin::app {

// Makes the data directory when it is absent. The clock outlives the database.
Result<std::unique_ptr<store::Database>> open_database(const config::Settings& settings, const Clock& clock);

}  // namespace tocsin::app
