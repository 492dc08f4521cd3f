#pragma once
// The commands of the binary: what follows `tocsin` on the command line. Each returns the exit code: 0 done,
// 1 the answer is no, 2 bad usage or nothing to work on.

#include <filesystem>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace tocsin::app {

inline constexpr std::string_view kVersion = "0.1.0";
inline constexpr std::string_view kDatabaseFile = "tocsin.db";  // inside the data directory

// Adds every command to the program; the one that runs writes its exit code.
void add_commands(CLI::App& program, int& exit_code);

struct ServeFlags {
  std::string listen;  // "" : from the settings
  std::string data;
  std::string config;
  std::string database;
  bool demo = false;
};
int serve(const ServeFlags& flags);

// One line of JSON per record on stdout, refusals on stderr. `file` "-" is stdin.
// `mappings` is a directory of mapping files; it may be missing.
int normalize(const std::string& source, const std::string& file, const std::filesystem::path& mappings);

int backup(const std::filesystem::path& data_dir, const std::string& file);
int restore(const std::filesystem::path& data_dir, const std::string& file);
int doctor(const std::filesystem::path& data_dir);

}  // namespace tocsin::app
