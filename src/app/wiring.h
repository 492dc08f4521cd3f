#pragma once
// Builds the pieces of one server and joins them: the one place that knows concrete choices (SQLite, the
// built-in playbooks, the embedded console).

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "app/pipeline.h"
#include "base/result.h"
#include "config/config.h"

namespace tocsin::app {

class Application {
 public:
  // Opens the data directory. kInvalidInput for a setting or a database that cannot be used.
  static Result<std::unique_ptr<Application>> create(const config::Settings& settings);
  ~Application();

  // Listens; answers the address. Requests are taken from here on.
  Result<std::string> start();
  void load_demo();
  // Finishes what was accepted, in the order of the flow: server, pipeline, correlation, store.
  void stop();

 private:
  struct Parts;
  explicit Application(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tocsin::app
