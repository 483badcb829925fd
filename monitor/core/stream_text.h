// A file's text, read so that a bad disk is an error and not an end of the program.
#pragma once

#include <array>
#include <filesystem>
#include <fstream>
#include <istream>
#include <string>

namespace core {

// All that is left of it. What cannot be read (a folder, a bad disk) leaves `in` bad(), with what came
// before; an iterator over the stream's buffer would throw there (libstdc++'s basic_filebuf::underflow).
[[nodiscard]] inline std::string textOf(std::istream& in)
{
    std::string text;
    std::array<char, 16'384> piece{};
    while (in.read(piece.data(), piece.size()) || in.gcount() > 0) {
        text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    }
    return text;
}

// All of a file, for whom one that cannot be read is as good as an empty one.
[[nodiscard]] inline std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return textOf(in);
}

} // namespace core
