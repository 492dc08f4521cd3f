#include "config/role_table.h"

#include "config/toml_text.h"

namespace tocsin::config {

Result<void> apply_role(Settings& settings, const std::string& role, const toml::node& values,
                        const std::filesystem::path& file) {
  const auto* const array = values.as_array();
  std::vector<std::string> texts;
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i)
    if (const auto text = array->get(i)->value<std::string>(); text && !text->empty()) texts.push_back(*text);
  if (array == nullptr || texts.size() != array->size()) {
    return error(ErrorKind::kInvalidInput, "read settings",
                 std::string(kRoleTable) + role + " must be an array of texts",
                 "for instance analyst = [\"soc\"]", place(file, values.source()));
  }
  settings.oidc.roles[role] = std::move(texts);
  return {};
}

}  // namespace tocsin::config
