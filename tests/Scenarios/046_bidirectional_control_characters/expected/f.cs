// ‮abc
