// A report as a list of blocks: the same for HTML and for pages of paper.
#pragma once

#include "monitor/core/lang.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace report {

enum class Tone { Plain, Good, Warning, Critical };
enum class Align { Left, Right };

struct Heading {
    int level = 1; // 1: a section, 2: within one, 3: the title of a table
    std::string text;
};

struct Paragraph {
    std::string text;
};

// A box with a bar in its tone.
struct Remark {
    Tone tone = Tone::Plain;
    std::string text;
};

// One line of the plain-words summary: "Cause" and what it was.
struct Point {
    std::string label;
    std::string text;
    Tone tone = Tone::Plain;
};
struct Points {
    std::vector<Point> points;
};

struct Tile {
    std::string label;
    std::string value;
    std::string detail;
    Tone tone = Tone::Plain;
};
struct Tiles {
    std::vector<Tile> tiles;
};

struct Column {
    std::string title;
    double weight = 1; // of the width
    Align align = Align::Left;
    bool code = false; // statements, names: in a fixed pitch
};
struct Table {
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> rows; // one line each; a cell a column
    std::string more;                           // "37 more are not shown"; empty: all are
};

struct Figure {
    std::string title;
    std::string svg; // a whole <svg>, SVG Tiny 1.2
    std::string caption;
    double aspect = 4; // width / height
};

using Block = std::variant<Heading, Paragraph, Remark, Points, Tiles, Table, Figure>;

struct Cover {
    std::string title;
    std::string verdict; // one sentence
    Tone tone = Tone::Plain;
    std::vector<std::pair<std::string, std::string>> facts; // range, target, host, version …
};

struct Document {
    core::Lang lang = core::Lang::English;
    Cover cover;
    std::vector<Block> blocks;
    std::string footer; // on each page
};

} // namespace report
