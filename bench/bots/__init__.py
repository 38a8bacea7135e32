"""The bots that are measured beside ours. Each file is plumbing alone: statements, texts and keyboards are ours."""
