"""Models of true size without true knowledge: shapes, weights, tokenizer, files."""
