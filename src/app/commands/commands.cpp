#include "app/commands/commands.h"

#include <CLI/CLI.hpp>
#include <memory>

namespace tocsin::app {
namespace {

constexpr std::string_view kDefaultData = "./data-dir";

void add_serve(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("serve", "Run the server: API, console, workers");
  auto flags = std::make_shared<ServeFlags>();
  command->add_option("--listen", flags->listen,
                      "ADDRESS:PORT (default 127.0.0.1:8000; port 0 takes a free one)");
  command->add_option("--data", flags->data, "Data directory, made when absent (default ./data-dir)");
  command->add_option("--config", flags->config, "Settings file (TOML)")->check(CLI::ExistingFile);
  command->add_option("--db", flags->database, "sqlite: (default, inside the data directory)");
  command->add_flag("--demo", flags->demo, "Load a believable company into an empty data directory");
  command->callback([flags, &exit_code] { exit_code = serve(*flags); });
}

void add_normalize(CLI::App& program, int& exit_code) {
  auto* command =
      program.add_subcommand("normalize", "Print what a vendor's payload becomes, one JSON object a line");
  auto source = std::make_shared<std::string>("auto");
  auto file = std::make_shared<std::string>();
  command->add_option("--source", *source, "Vendor, alias, or auto")->capture_default_str();
  command->add_option("FILE", *file, "Payload, JSON lines or log lines; - is stdin")->required();
  auto mappings = std::make_shared<std::string>(std::string(kDefaultData) + "/mappings");
  command->add_option("--mappings", *mappings, "Directory of sources defined by YAML files")
      ->capture_default_str();
  command->callback([=, &exit_code] { exit_code = normalize(*source, *file, *mappings); });
}

void add_data_command(CLI::App& program, int& exit_code, const std::string& name, const std::string& help,
                      int (*run)(const std::filesystem::path&, const std::string&)) {
  auto* command = program.add_subcommand(name, help);
  auto data = std::make_shared<std::string>(kDefaultData);
  auto file = std::make_shared<std::string>();
  command->add_option("--data", *data, "Data directory")->capture_default_str();
  command->add_option("FILE", *file, "The backup file")->required();
  command->callback([=, &exit_code] { exit_code = run(*data, *file); });
}

void add_doctor(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("doctor", "Look for problems of this installation and explain them");
  auto data = std::make_shared<std::string>(kDefaultData);
  command->add_option("--data", *data, "Data directory")->capture_default_str();
  command->callback([data, &exit_code] { exit_code = doctor(*data); });
}

}  // namespace

void add_commands(CLI::App& program, int& exit_code) {
  add_serve(program, exit_code);
  add_normalize(program, exit_code);
  add_data_command(program, exit_code, "backup", "Write a consistent copy of the database to FILE", backup);
  add_data_command(program, exit_code, "restore", "Put the backup FILE into an empty data directory",
                   restore);
  add_doctor(program, exit_code);
}

}  // namespace tocsin::app
