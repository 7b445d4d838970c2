/** What a scripted model writes for each step of `analytics_forecast_app`; each builds on what the step before left. */
export const DELIVERABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  prd: {
    'PRD.md': `# Umbrella demand

## Goals
Forecast the daily umbrella sales of a shop by the canal for the next fourteen days.

## Users
The buyer, who orders on Mondays.

## Scope
One shop, one product, daily figures.

## Out of scope
Prices and other products.

## Risks
The history covers two years only.

## Success criteria
The error is below that of the same day a week ago.
`,
  },
  requirements: {
    'requirements.md': `# Requirements

## Functional requirements
- R1: The forecast covers fourteen days.
- R2: History and forecast are shown side by side.

## Non-functional requirements
- R3: A forecast takes less than a minute.

## Data requirements
- R4: Daily sales arrive as CSV every night.

## Acceptance criteria
- R1 is met when fourteen rows are written; R4 when a missing night is reported.
`,
  },
  design: {
    'architecture.md': `# Architecture

## Overview
A script reads sales, a second one forecasts (R1), a page shows both (R2).

## Components
Ingestion (R4), forecast (R1, R3), page (R2).

## Data flow
CSV to table to forecast to page, once a night, within the minute of R3.

## Decisions
A seasonal average instead of a neural network: two years of data support no more.

## Risks
A night without CSV (R4).
`,
    'data_model.md': `# Data model

## Entities
sales(day date key, sold integer); forecast(origin date, day date, sold number, low number, high number).

## Relationships
A forecast is made from the sales up to its origin.
`,
  },
  prepare: {
    'data_overview.md': `# Data

## Sources
sales.csv of the shop, as the intake names it; it was not supplied, so nothing of it was measured.

## Quality
Not measured, since there is no file yet.

## Preparation
Days without a row count as closed.

## Limitations
Two years of history only; the shop supplies the file.
`,
    'schema.json': `${JSON.stringify(
      { entities: [{ name: 'sales', fields: [{ name: 'day', type: 'date' }] }] },
      null,
      2,
    )}\n`,
  },
  model: {
    'forecast/baseline.py': `def baseline(sales, days):
    """The same weekday a week before."""
    return [sales[-7 + day % 7] for day in range(days)]
`,
  },
  build: {
    'forecast/page.py': `from forecast.baseline import baseline


def rows(sales):
    return list(zip(range(14), baseline(sales, 14)))
`,
    'dev_summary.md': `# Development

## Changes
forecast/baseline.py for R1, forecast/page.py for R2; nothing was built for R3 and R4 yet.

## How to verify
python -c "import forecast.page"; it was not run here.

## Known limitations
No data was there to evaluate the forecast with.
`,
  },
  verify: {
    'test_report.md': `# Test report

## Scope
R1, R2, R3 and R4, by reading the code.

## Results
R1 passed by reading; R2 not run; R3 not run; R4 not run.

## Findings
There is no data to run anything on: the shop has to supply sales.csv before the acceptance criteria can be run.
`,
    'qa_results.json': `${JSON.stringify(
      {
        status: 'passed',
        checks: [{ name: 'R1', status: 'passed', detail: 'Fourteen rows by construction.' }],
      },
      null,
      2,
    )}\n`,
  },
  write_docs: {
    'README.md': `# Umbrella demand

## Overview
Forecasts the daily umbrella sales of one shop by the canal for fourteen days, for the buyer who orders on Mondays.
The forecast is a seasonal baseline; do not trust it beyond the two years that it was made from.

## Usage
See [how to run](how_to_run.md).
`,
    'how_to_run.md': `# How to run

## Prerequisites
Python 3 and the file sales.csv of the shop.

## Installation
Nothing is installed.

## Running
Put sales.csv beside the code, then import forecast.page and print its rows.
`,
    'release_notes.md': `# Release notes

## Changes
R1: delivered. R2: delivered in part.

## Known issues
R3: not measured. R4: not delivered, since there was no file to read.
`,
  },
  review: {
    'review.md': `# Review

## Verdict
Accepted, with what is said to be open.

## Coverage of the intake
The fourteen days of umbrella sales that were asked for are in forecast/page.py; the evaluation waits for data.

## Findings
dev_summary.md: minor, nothing was run; supplying sales.csv settles it.
`,
    'review.json': `${JSON.stringify(
      {
        verdict: 'accepted',
        findings: [{ file: 'dev_summary.md', severity: 'minor', detail: 'Nothing was run.' }],
      },
      null,
      2,
    )}\n`,
  },
};

/** The steps in the order of the profile. */
export const STEPS = Object.keys(DELIVERABLES);

/** A command of the step that checks the code for real and leaves its result as a JUnit report. */
export const CHECK =
  'test -s forecast/page.py && test -s forecast/baseline.py && mkdir -p reports && ' +
  `echo '<testsuite name="files" tests="1" failures="0"><testcase name="are there"/></testsuite>' > reports/junit.xml`;
